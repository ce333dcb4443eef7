// A wasi:http worker in Go. The packages under exports/wit_exports and imports are written by wit-bindgen.
package main

import _ "worky/hello-go/exports/wit_exports"

// A component is called through its exports.
func main() {}
