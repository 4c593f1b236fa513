// Package archtest holds the rules of the house as tests: who may import whom, one package comment per package, file sizes, no clock in
// a core, links that resolve, make targets that say why they exist.
//
// The tests parse the files of the module themselves: a test that asked the go command would be answered from the test cache after a bad
// import. Every rule names the packages that it binds and prints the reason when it is broken; a rule that binds no package fails,
// because a rename would otherwise switch it off in silence.
//
// Nothing imports this package.
package archtest
