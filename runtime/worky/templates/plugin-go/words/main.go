// What wit/words.wit says, as a component: package count does it, and exports has the place where both meet. build.sh writes the
// packages under exports/wit_exports and imports.
package main

import _ "example/words/exports/wit_exports"

// A component is called through its exports.
func main() {}
