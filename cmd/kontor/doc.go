// Command kontor is the tool of the shop: `kontor dev` runs everything in one process, the other verbs place and show orders over the
// HTTP API, bring databases and topics into shape, and move the relay.
//
// One file per verb. Results go to standard output, progress and logs to standard error. Exit codes: 0 done, 1 failure, 2 usage,
// 3 refused by a rule of the shop. A verb that needs the inside of a service calls a function of its daemon package.
package main
