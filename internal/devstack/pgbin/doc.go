// Package pgbin finds the PostgreSQL server programs installed on this
// computer and says under which user they may run.
//
// It looks where distributions put them, which is often not on PATH: Debian
// keeps every major in a folder of its own below /usr/lib/postgresql. Only a
// folder with initdb, pg_ctl and postgres counts, and only from major 15 on,
// which is what Kontor needs.
//
//	bins := pgbin.Installed("")
//	best, ok := pgbin.Pick(bins, 0) // highest major; or Pick(bins, 17)
//	cmd := exec.Command(best.Path("postgres"), …)
//	pgbin.RunAs(cmd, pgbin.ServerUser())
//
// PostgreSQL refuses to run as root. [ServerUser] answers with an ordinary user
// in that case (postgres, else nobody) and [RunAs] makes a command run as it;
// whatever the server reads or writes must then belong to that user.
//
// Nothing is downloaded, started or changed here. Windows is not served: there
// Installed finds nothing. Imported by internal/devstack and internal/pgtest.
package pgbin
