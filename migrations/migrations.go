package migrations

import (
	"embed"
	"io/fs"
)

//go:embed order/*.sql payment/*.sql query/*.sql grants/*.sql
var files embed.FS

// The schema of each service's database.
var (
	Order   = sub("order")
	Payment = sub("payment")
	Query   = sub("query")
)

// sub is a folder of the embedded files; it is there, or the program does not compile.
func sub(dir string) fs.FS {
	folder, err := fs.Sub(files, dir)
	if err != nil {
		panic(err)
	}
	return folder
}
