// Package apigen writes what is generated from the code and committed: the OpenAPI document of each service under api/, and the tables of
// settings in the services' pages. Its command is internal/apigen/cmd; `make generate` writes, `make verify` compares.
//
// It may be imported by its command and by tests.
package apigen
