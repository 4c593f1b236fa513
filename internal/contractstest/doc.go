// Package contractstest holds a contract package to the rules of package
// contracts. Its wire_test.go calls [Run] with Types and with examples, and so
// gets checked that
//
//   - the Type constants, Types and the golden files name the same events;
//   - every golden file ever committed decodes into its struct, knows no field
//     that the struct lost, and is written again byte for byte;
//   - every event has an example in which no field is left out, so that a new
//     field without a golden file fails;
//   - names, types and tags of all fields are as a body may have them.
//
// Golden files are append-only: -update writes the ones that are missing and
// never touches one that is there. They are indented for people; on the wire
// the same bytes travel without the blanks.
//
// Only tests import this package.
package contractstest
