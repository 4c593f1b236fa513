// Package e2e tells the business across services: journeys over HTTP and Kafka against real PostgreSQL and real Apache Kafka in
// containers, with every service as a process of its own, so that one can be killed in the middle of its work.
//
// Start with journey_test.go: it is one order's story. The images come from POSTGRES_IMAGE and KAFKA_IMAGE, by default the public ones.
// Without Docker the tests are skipped and say so in capitals; with CI=true that is a failure.
//
// Nothing imports this package; it imports no inside of a service.
package e2e
