package lifecycle

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// Func is a part that ends when its context does.
func Func(name string, run func(ctx context.Context) error) Part {
	return Part{Name: name, Run: run}
}

// HTTP is a part that serves srv on ln. It stops by Shutdown, which waits for the
// requests in flight; those that outlast the grace are cut off.
func HTTP(name string, srv *http.Server, ln net.Listener, grace time.Duration) Part {
	return Part{
		Name: name, Grace: grace,
		Run: func(context.Context) error {
			if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		},
		Stop: func(ctx context.Context) error {
			if err := srv.Shutdown(ctx); err != nil {
				return errors.Join(err, srv.Close())
			}
			return nil
		},
	}
}

// Closer is a part that does nothing until it stops and then closes something
// that other parts use, such as a pool: give it before them.
func Closer(name string, closing func()) Part {
	return Part{Name: name, Run: func(ctx context.Context) error {
		<-ctx.Done()
		closing()
		return nil
	}}
}

// Drain is a part that on stopping calls notReady and then waits for delay, so
// that whoever sends requests here learns to send them elsewhere before the port
// closes. Give it last.
func Drain(notReady func(), delay time.Duration) Part {
	return Part{
		Name: "drain", Grace: delay + DefaultGrace,
		Run: func(ctx context.Context) error {
			<-ctx.Done()
			notReady()
			time.Sleep(delay)
			return nil
		},
	}
}

// Signals returns a context that ends at the first SIGINT or SIGTERM. A second one
// ends the process at once with exit code 130. stop ends the watching.
func Signals(parent context.Context) (ctx context.Context, stop func()) {
	return signals(parent, os.Exit)
}

func signals(parent context.Context, exit func(int)) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	got := make(chan os.Signal, 2)
	signal.Notify(got, os.Interrupt, syscall.SIGTERM)
	quit := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		select {
		case s := <-got:
			cancel(errors.New("signal " + s.String()))
		case <-quit:
			return
		}
		select {
		case <-got:
			exit(130)
		case <-quit:
		}
	})
	return ctx, sync.OnceFunc(func() {
		signal.Stop(got)
		close(quit)
		wg.Wait()
		cancel(nil)
	})
}
