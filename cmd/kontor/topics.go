package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
)

// partitions of every topic. The number is for ever: changing it moves keys and breaks their order.
const partitions = 12

func topicSpecs(replication int) []kafka.TopicSpec {
	specs := make([]kafka.TopicSpec, 0, 3)
	for _, name := range []string{orderv1.Topic, paymentv1.Topic, catalogv1.Topic} {
		specs = append(specs, kafka.TopicSpec{Name: name, Partitions: partitions, Replication: replication})
	}
	return specs
}

func topicsCommand() *cobra.Command {
	var brokers string
	cmd := &cobra.Command{Use: "topics", Short: "Make and check the topics of the shop"}
	cmd.PersistentFlags().StringVar(&brokers, "brokers", envOr("KONTOR_BROKERS", "localhost:19092"), "comma-separated brokers (KONTOR_BROKERS)")
	var replication int
	var fix bool
	apply := &cobra.Command{
		Use:   "apply",
		Short: "Make the topics that are missing, and show how the others differ",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			drift, err := kafka.ApplyTopics(cmd.Context(), kafka.Connection{Brokers: strings.Split(brokers, ",")}, topicSpecs(replication), fix)
			if err != nil {
				return err
			}
			for _, d := range drift {
				fmt.Fprintln(cmd.ErrOrStderr(), d)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "topics: %d as they should be\n", len(topicSpecs(replication)))
			return nil
		},
	}
	apply.Flags().IntVar(&replication, "replication", 3, "replicas of each partition; 1 for a single broker")
	apply.Flags().BoolVar(&fix, "fix", false, "change configuration that differs")
	cmd.AddCommand(apply)
	return cmd
}
