// Package devstack is what `kontor dev` stands on: a PostgreSQL and a Kafka
// broker on a computer that has neither, no containers needed.
//
//	dir := devstack.DefaultDir()
//	lock, err := devstack.Lock(dir) // one dev per directory
//	ports, moved, err := devstack.ChoosePorts(wanted)
//	pg, err := devstack.StartPostgres(ctx, devstack.PostgresConfig{Dir: dir, Port: ports["postgres"]})
//	broker, err := devstack.StartBroker(ctx, devstack.BrokerConfig{Dir: dir, Port: ports["broker"]})
//
// PostgreSQL is a real one: installed on the computer, or downloaded once from
// Maven Central and checked. It runs under a child process of our own binary
// (the hidden command [PostgresCommand], whose body is [PostgresChild]), which
// stops it in order when this process ends, also by kill -9: the pipe between
// the two closes. As root the child runs as postgres, else nobody. What a
// killed child leaves running is stopped by the next start.
//
// The broker is kfake, a stand-in for development: Kafka's protocol over TCP
// on a fixed port, every record synced to disk, no replication.
//
// Data is never deleted. A data directory of another major version is kept and
// explained, what looks unfinished is moved aside and said aloud, [Reset] moves
// aside too. Everything listens on 127.0.0.1 only. Layout below the directory:
// dev.json (mode 0600: ports and the generated password), lock, postgres/, kafka/.
//
// Not for production, and not on Windows: there the functions answer
// errors.ErrUnsupported. Imported by cmd/kontor and tests, never by a service.
package devstack
