package failpoint

import "slices"

// points are all names, by the loop they belong to.
var points = []string{
	// a request
	"api.after_load", "api.after_decide", "api.mid_response",
	// the append lane
	"append.queued", "append.before_flush", "append.after_send", "append.after_commit", "append.before_answers",
	// the relay
	"relay.after_read", "relay.before_publish", "relay.mid_publish", "relay.after_publish", "relay.after_checkpoint", "relay.lock_lost",
	// the job starter
	"starter.after_read", "starter.before_commit", "starter.after_commit",
	// a consumer that sends commands
	"cmd.after_fetch", "cmd.mid_batch", "cmd.after_append", "cmd.before_offset", "cmd.after_offset",
	// a worker
	"worker.after_begin", "worker.call_sent", "worker.after_call", "worker.before_outcome", "worker.after_outcome", "worker.lookup",
	"timer.before_command",
	// a view
	"view.after_fetch", "view.before_commit", "view.commit_sent", "view.after_commit", "view.rebuild_mid", "view.swap",
	// other
	"park.before_commit", "park.drain_step", "stop.draining",
}

// Points returns all names.
func Points() []string { return slices.Clone(points) }
