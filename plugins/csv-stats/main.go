// Statistics of comma-separated values, as a component: wit/csv-stats.wit says what it does, package table does it, and
// exports has the place where both meet. The packages under exports/wit_exports and imports are written by wit-bindgen.
package main

import _ "worky/csv-stats/exports/wit_exports"

// A component is called through its exports.
func main() {}
