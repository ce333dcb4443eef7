// Package export_example_words_counting is what the component exports, under the name that the bindings give it.
package export_example_words_counting

import (
	"runtime"
	"runtime/debug"

	. "go.bytecodealliance.org/pkg/wit/types"

	"example/words/count"
	. "example/words/imports/example_words_counting"
)

// No import may be called while the host copies arguments in or has a result cleaned up, and Go's collector asks WASI for
// the time whenever it runs. So it runs inside of calls only: off otherwise, and done before each return.
func init() {
	debug.SetGCPercent(-1)
}

// collecting turns the collector on; what it returns ends its work and turns it off.
func collecting() func() {
	debug.SetGCPercent(100)
	return func() {
		debug.SetGCPercent(-1)
		runtime.GC()
	}
}

// Count is `counting.count`.
func Count(text []uint8) Result[Summary, string] {
	defer collecting()()
	counted, err := count.Words(text)
	if err != nil {
		return Err[Summary, string](err.Error())
	}
	summary := Summary{Words: counted.Words, MostFrequent: None[string](), Frequency: counted.Frequency}
	if counted.Frequency > 0 {
		summary.MostFrequent = Some(counted.MostFrequent)
	}
	return Ok[Summary, string](summary)
}
