package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// orderIDs are all orders of the shop, by the list of the query service.
func (s *stack) orderIDs() []string {
	s.t.Helper()
	staff := s.as("support", "auditor")
	var ids []string
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				OrderID string `json:"order_id"`
			} `json:"items"`
			Next string `json:"next"`
		}
		staff.do(http.MethodGet, "/v1/orders?limit=200"+cursor, "", nil).decode(s.t, http.StatusOK, &page)
		for _, o := range page.Items {
			ids = append(ids, o.OrderID)
		}
		if page.Next == "" {
			return ids
		}
		cursor = "&cursor=" + page.Next
	}
}

// checkViews wants every order's view to say what the fold of its stream says. Both sides answer in one shape.
func (s *stack) checkViews() int {
	s.t.Helper()
	staff := s.as("support", "auditor")
	ids := s.orderIDs()
	if len(ids) == 0 {
		s.t.Fatal("the list of orders is empty")
	}
	for _, id := range ids {
		eventually(s.t, 60*time.Second, "the view of "+id+" equals its stream", func() error {
			fold := staff.do(http.MethodGet, "/v1/orders/"+id+"/state", "", nil)
			view := staff.do(http.MethodGet, "/v1/orders/"+id, "", nil)
			if fold.status != http.StatusOK || view.status != http.StatusOK {
				return fmt.Errorf("fold %d %s, view %d %s", fold.status, fold.body, view.status, view.body)
			}
			if diff := same(fold.body, view.body); diff != "" {
				return errors.New("(-fold +view)\n" + diff)
			}
			return nil
		})
	}
	return len(ids)
}

// checkTopic wants the first occurrences of each stream's versions on orders.v1 to be 1, 2, 3 … and returns records and repeats. It
// reads with another client than the services use.
func (s *stack) checkTopic() (records, repeats int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 30*time.Second)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(s.broker), kgo.ConsumeTopics("orders.v1"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		s.t.Fatal(err)
	}
	defer client.Close()
	last := map[string]int{}
	for quiet := 0; quiet < 3; {
		poll, stop := context.WithTimeout(ctx, time.Second)
		fetches := client.PollFetches(poll)
		stop()
		if fetches.NumRecords() == 0 {
			quiet++
			continue
		}
		quiet = 0
		fetches.EachRecord(func(r *kgo.Record) {
			records++
			stream, version := "", 0
			for _, h := range r.Headers {
				switch h.Key {
				case "ce_stream":
					stream = string(h.Value)
				case "ce_sequence":
					version, _ = strconv.Atoi(string(h.Value))
				}
			}
			switch {
			case stream == "" || string(r.Key) != stream:
				s.t.Errorf("record at %d:%d has key %q and stream %q", r.Partition, r.Offset, r.Key, stream)
			case version == last[stream]+1:
				last[stream] = version
			case version > last[stream]:
				s.t.Errorf("order %s: version %d follows %d", stream, version, last[stream])
			default:
				repeats++
			}
		})
	}
	if records == 0 {
		s.t.Fatal("the topic is empty")
	}
	return records, repeats
}
