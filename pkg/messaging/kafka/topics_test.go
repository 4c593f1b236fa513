package kafka_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kontor-dev/kontor/internal/kafkatest"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
)

func TestTopics(t *testing.T) {
	t.Parallel()
	brokers := kafkatest.Brokers(t)
	conn := kafka.Connection{Brokers: brokers}
	spec := kafka.TopicSpec{Name: kafkatest.Name(t), Partitions: 3}
	t.Cleanup(func() { deleteTopic(t, brokers, spec.Name) })

	if got := driftOf(kafka.CheckTopics(deadline(t), conn, []kafka.TopicSpec{spec})); !slices.Equal(got, []string{"missing"}) {
		t.Errorf("before it is there: got %v, want missing", got)
	}
	for range 2 { // the second time it is there already
		drift, err := kafka.ApplyTopics(deadline(t), conn, []kafka.TopicSpec{spec}, false)
		if err != nil || len(drift) > 0 {
			t.Fatalf("apply: got %v, %v", drift, err)
		}
	}
	if err := kafka.CheckTopics(deadline(t), conn, []kafka.TopicSpec{spec}); err != nil {
		t.Errorf("as it was made: %v", err)
	}

	changed := spec
	changed.Partitions, changed.Config = 6, map[string]string{"retention.ms": "60000"}
	want := []string{"partitions", "retention.ms"}
	if got := driftOf(kafka.CheckTopics(deadline(t), conn, []kafka.TopicSpec{changed})); !slices.Equal(got, want) {
		t.Errorf("drift: got %v, want %v", got, want)
	}
	drift, err := kafka.ApplyTopics(deadline(t), conn, []kafka.TopicSpec{changed}, false)
	if err != nil || len(drift) != 2 || drift[0].Got != "3" || drift[0].Want != "6" {
		t.Errorf("without fix: got %v, %v", drift, err)
	}
	fixed := spec
	fixed.Config = maps.Clone(changed.Config)
	if drift, err = kafka.ApplyTopics(deadline(t), conn, []kafka.TopicSpec{changed}, true); err != nil {
		t.Fatal(err)
	}
	await(t, "the setting is fixed and the partitions are not touched", func() bool {
		return kafka.CheckTopics(deadline(t), conn, []kafka.TopicSpec{fixed}) == nil
	})
	if len(drift) == 0 || drift[0].What != "partitions" || !strings.Contains(drift[0].String(), "partitions is 3, want 6") {
		t.Errorf("after the fix: got %v, want partitions first", drift)
	}
}

func driftOf(err error) (what []string) {
	var drift *kafka.DriftError
	if errors.As(err, &drift) {
		for _, d := range drift.Drift {
			what = append(what, d.What)
		}
	}
	return what
}

func deleteTopic(t testing.TB, brokers []string, topic string) {
	c := client(t, brokers)
	defer c.Close()
	del := kmsg.NewPtrDeleteTopicsRequest()
	of := kmsg.NewDeleteTopicsRequestTopic()
	of.Topic = &topic
	del.Topics, del.TopicNames, del.TimeoutMillis = append(del.Topics, of), []string{topic}, 10_000
	if _, err := del.RequestWith(context.Background(), c); err != nil {
		t.Logf("delete topic: %v", err)
	}
}
