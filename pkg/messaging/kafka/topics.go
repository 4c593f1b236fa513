package kafka

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	kafkago "github.com/segmentio/kafka-go"
)

// topicTimeout is generous: a broker answers to a creation when the controller is through with it.
const topicTimeout = 15 * time.Second

// TopicSpec is a topic as it should be.
type TopicSpec struct {
	Name        string
	Partitions  int // for ever: to change it moves keys
	Replication int // default 1
	// Config are topic settings; what it lacks of [TopicDefaults] is added.
	Config map[string]string
}

// TopicDefaults are the settings of a topic that keeps everything for ever and acknowledges only what survives the loss of a broker.
func TopicDefaults(replication int) map[string]string {
	return map[string]string{
		"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1",
		"min.insync.replicas":            strconv.Itoa(max(1, replication-1)),
		"unclean.leader.election.enable": "false", "compression.type": "producer",
		"message.timestamp.type": "CreateTime", "max.message.bytes": "1048588",
	}
}

func (s TopicSpec) replication() int { return cmp.Or(s.Replication, 1) }

func (s TopicSpec) config() map[string]string {
	c := TopicDefaults(s.replication())
	maps.Copy(c, s.Config)
	return c
}

// Drift is one way in which a topic is not as it should be.
type Drift struct {
	Topic string
	What  string // "missing", "partitions", "replication" or the name of a setting
	Want  string
	Got   string
}

func (d Drift) String() string {
	if d.What == "missing" {
		return d.Topic + " is missing"
	}
	return fmt.Sprintf("%s: %s is %s, want %s", d.Topic, d.What, d.Got, d.Want)
}

// DriftError is a cluster whose topics are not as they should be.
type DriftError struct{ Drift []Drift }

func (e *DriftError) Error() string {
	lines := make([]string, len(e.Drift))
	for i, d := range e.Drift {
		lines[i] = d.String()
	}
	return "topics drifted: " + strings.Join(lines, "; ")
}

// CheckTopics is a [DriftError] when a topic is missing or differs from its spec. Services call it at start-up.
func CheckTopics(ctx context.Context, conn Connection, specs []TopicSpec) error {
	drift, err := compare(ctx, conn, specs)
	if err == nil && len(drift) > 0 {
		err = &DriftError{drift}
	}
	return err
}

// ApplyTopics creates the topics that are missing and returns what differs in the others. With fix it changes their settings; partitions and
// replication are never changed.
func ApplyTopics(ctx context.Context, conn Connection, specs []TopicSpec, fix bool) ([]Drift, error) {
	c, err := conn.cluster()
	if err != nil {
		return nil, err
	}
	defer c.close()
	if err := c.patient().create(ctx, specs); err != nil {
		return nil, fmt.Errorf("create topics: %w", err)
	}
	drift, err := compare(ctx, conn, specs)
	if err != nil || !fix || len(drift) == 0 {
		return drift, err
	}
	if err := c.fix(ctx, drift); err != nil {
		return drift, fmt.Errorf("fix topics: %w", err)
	}
	return compare(ctx, conn, specs)
}

func (c *cluster) patient() *cluster {
	c.client.Timeout = topicTimeout
	return c
}

// create is content with topics that are there already. A connection that breaks is tried again.
func (c *cluster) create(ctx context.Context, specs []TopicSpec) error {
	req := &kafkago.CreateTopicsRequest{}
	for _, s := range specs {
		t := kafkago.TopicConfig{Topic: s.Name, NumPartitions: s.Partitions, ReplicationFactor: s.replication()}
		config := s.config()
		for _, name := range slices.Sorted(maps.Keys(config)) {
			t.ConfigEntries = append(t.ConfigEntries, kafkago.ConfigEntry{ConfigName: name, ConfigValue: config[name]})
		}
		req.Topics = append(req.Topics, t)
	}
	var resp *kafkago.CreateTopicsResponse
	err := c.again(ctx, func() (err error) {
		resp, err = c.client.CreateTopics(ctx, req)
		return err
	})
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(resp.Errors)) {
		if err := resp.Errors[name]; err != nil && !errors.Is(err, kafkago.TopicAlreadyExists) {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// again tries five times while brokers come and go.
func (c *cluster) again(ctx context.Context, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if err == nil || try == 5 || sleep(ctx, time.Duration(try)*100*time.Millisecond) != nil {
			return err
		}
		c.transport.CloseIdleConnections()
	}
}

// fix changes settings, and nothing else.
func (c *cluster) fix(ctx context.Context, drift []Drift) error {
	resources := map[string][]kafkago.IncrementalAlterConfigsRequestConfig{}
	for _, d := range drift {
		if d.What != "missing" && d.What != "partitions" && d.What != "replication" {
			resources[d.Topic] = append(resources[d.Topic], kafkago.IncrementalAlterConfigsRequestConfig{
				Name: d.What, Value: d.Want, ConfigOperation: kafkago.ConfigOperationSet,
			})
		}
	}
	req := &kafkago.IncrementalAlterConfigsRequest{}
	for topic, configs := range resources {
		req.Resources = append(req.Resources, kafkago.IncrementalAlterConfigsRequestResource{
			ResourceType: kafkago.ResourceTypeTopic, ResourceName: topic, Configs: configs,
		})
	}
	if len(req.Resources) == 0 {
		return nil
	}
	resp, err := c.client.IncrementalAlterConfigs(ctx, req)
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range resp.Resources {
		if r.Error != nil {
			errs = append(errs, fmt.Errorf("%s: %w", r.ResourceName, r.Error))
		}
	}
	return errors.Join(errs...)
}

// compare reads the topics with a transport of its own, which remembers nothing.
func compare(ctx context.Context, conn Connection, specs []TopicSpec) ([]Drift, error) {
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = s.Name
	}
	c, err := conn.cluster(names...)
	if err != nil {
		return nil, err
	}
	defer c.close()
	c.patient()
	var drift []Drift
	err = c.again(ctx, func() (err error) {
		drift, err = c.drift(ctx, specs)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read topics: %w", err)
	}
	return drift, nil
}

func (c *cluster) drift(ctx context.Context, specs []TopicSpec) ([]Drift, error) {
	resp, err := c.client.Metadata(ctx, &kafkago.MetadataRequest{Topics: c.topics})
	if err != nil {
		return nil, err
	}
	there := map[string]kafkago.Topic{}
	for _, t := range resp.Topics {
		switch {
		case t.Error == nil:
			there[t.Name] = t
		case !errors.Is(t.Error, kafkago.UnknownTopicOrPartition):
			return nil, fmt.Errorf("%s: %w", t.Name, t.Error)
		}
	}
	settings, err := c.settings(ctx, slices.Sorted(maps.Keys(there)))
	if err != nil {
		return nil, err
	}
	var drift []Drift
	for _, s := range specs {
		t, ok := there[s.Name]
		if !ok {
			drift = append(drift, Drift{Topic: s.Name, What: "missing"})
			continue
		}
		check := func(what, want, got string) {
			if got != want {
				drift = append(drift, Drift{s.Name, what, want, got})
			}
		}
		check("partitions", strconv.Itoa(s.Partitions), strconv.Itoa(len(t.Partitions)))
		if len(t.Partitions) > 0 {
			check("replication", strconv.Itoa(s.replication()), strconv.Itoa(len(t.Partitions[0].Replicas)))
		}
		config := s.config()
		for _, name := range slices.Sorted(maps.Keys(config)) {
			check(name, config[name], settings[s.Name][name])
		}
	}
	return drift, nil
}

// settings are those of each topic in force, set or not.
func (c *cluster) settings(ctx context.Context, topics []string) (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	if len(topics) == 0 {
		return out, nil
	}
	req := &kafkago.DescribeConfigsRequest{}
	for _, t := range topics {
		req.Resources = append(req.Resources, kafkago.DescribeConfigRequestResource{ResourceType: kafkago.ResourceTypeTopic, ResourceName: t})
	}
	resp, err := c.client.DescribeConfigs(ctx, req)
	if err != nil {
		return nil, err
	}
	for _, r := range resp.Resources {
		if r.Error != nil {
			return nil, fmt.Errorf("settings of %s: %w", r.ResourceName, r.Error)
		}
		of := map[string]string{}
		for _, e := range r.ConfigEntries {
			of[e.ConfigName] = e.ConfigValue
		}
		out[r.ResourceName] = of
	}
	return out, nil
}
