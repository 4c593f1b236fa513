package devstack

import (
	"fmt"
	"net"
	"strconv"
)

// Port is a port somebody would like to have, under a name for messages.
type Port struct {
	Name   string
	Number int
}

// MovedPort is a wanted port that was taken, and the one given instead.
type MovedPort struct {
	Port
	Got int
}

func (m MovedPort) String() string {
	return fmt.Sprintf("port %d for %s is taken, using %d", m.Number, m.Name, m.Got)
}

// ChoosePorts finds a port on 127.0.0.1 for every name: the wanted one if it is
// free, else the next free of the ten from there on that nobody else of the list
// has or wants. The ports are free when it looks; whoever listens later may
// still meet somebody quicker.
func ChoosePorts(wanted []Port) (map[string]int, []MovedPort, error) {
	got, used := map[string]int{}, map[int]bool{}
	for _, w := range wanted {
		used[w.Number] = true
	}
	var moved []MovedPort
	for _, w := range wanted {
		n, err := nextFree(w, used)
		if err != nil {
			return nil, nil, err
		}
		if got[w.Name] = n; n != w.Number {
			used[n] = true
			moved = append(moved, MovedPort{Port: w, Got: n})
		}
	}
	return got, moved, nil
}

func nextFree(w Port, used map[int]bool) (int, error) {
	for n := w.Number; n < w.Number+10; n++ {
		if n != w.Number && used[n] {
			continue
		}
		if portFree(n) {
			return n, nil
		}
	}
	return 0, fmt.Errorf("no free port for %s from %d to %d on 127.0.0.1", w.Name, w.Number, w.Number+9)
}

func portFree(n int) bool {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(n)))
	return err == nil && l.Close() == nil
}

// anyPort lets the system choose.
func anyPort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
