package devstack

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/twmb/franz-go/pkg/kfake"
)

// BrokerConfig says where the broker of `kontor dev` listens and keeps its data.
type BrokerConfig struct {
	Dir       string // the data directory; the broker's part is kafka/ below it
	Port      int    // on 127.0.0.1; 0: any free one
	Ephemeral bool   // keep everything in memory; Dir is not used
}

// Broker is a running kfake broker. It says of itself that it is a stand-in.
type Broker struct {
	cluster *kfake.Cluster
	addrs   []string
}

// BrokerNotice is to be shown whenever the broker starts.
const BrokerNotice = "broker: kfake, a stand-in for Kafka, for development only: one node, no replication"

// StartBroker starts a broker of one node. Records, offsets and group members
// of an earlier one on the same Dir are there again: every write is synced
// before it is acknowledged. It creates no topic unasked; topics made without a
// partition count get 12. Two brokers must not share a Dir: hold its [Lock].
func StartBroker(ctx context.Context, cfg BrokerConfig) (*Broker, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	opts := []kfake.Opt{kfake.ClusterID("kontor-dev"), kfake.DefaultNumPartitions(12)}
	if cfg.Port == 0 {
		opts = append(opts, kfake.NumBrokers(1))
	} else {
		opts = append(opts, kfake.Ports(cfg.Port))
	}
	where := "in memory"
	if !cfg.Ephemeral {
		where = filepath.Join(cfg.Dir, "kafka")
		opts = append(opts, kfake.DataDir(where), kfake.SyncWrites())
	}
	cluster, err := kfake.NewCluster(opts...)
	if err != nil {
		return nil, fmt.Errorf("start broker on 127.0.0.1:%d, data %s: %w", cfg.Port, where, err)
	}
	return &Broker{cluster: cluster, addrs: cluster.ListenAddrs()}, nil
}

// Addrs are the bootstrap addresses, host:port.
func (b *Broker) Addrs() []string { return b.addrs }

// Close stops the broker and waits until its data is written.
func (b *Broker) Close() { b.cluster.Close() }
