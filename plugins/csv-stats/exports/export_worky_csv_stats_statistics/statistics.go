// Package export_worky_csv_stats_statistics is what the component exports, under the name that the bindings give it.
package export_worky_csv_stats_statistics

import (
	"errors"
	"math"
	"runtime"
	"runtime/debug"

	. "go.bytecodealliance.org/pkg/wit/types"

	. "worky/csv-stats/imports/worky_csv_stats_statistics"
	"worky/csv-stats/table"
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

// Summarize is `statistics.summarize`.
func Summarize(csv []uint8, given Option[Options]) Result[Summary, Failure] {
	defer collecting()()
	options := table.Options{Delimiter: ',', Header: true}
	if given.IsSome() {
		chosen := given.Some()
		options.Delimiter = chosen.Delimiter.SomeOr(options.Delimiter)
		options.Header = chosen.Header.SomeOr(options.Header)
		options.Comment = chosen.Comment.SomeOr(0)
	}
	summary, err := table.Summarize(csv, options)
	var syntax *table.SyntaxError
	switch {
	case errors.As(err, &syntax):
		position := Position{Line: clamp(syntax.Line), Column: clamp(syntax.Column), Message: syntax.Message}
		return Err[Summary, Failure](MakeFailureSyntax(position))
	case err != nil:
		return Err[Summary, Failure](MakeFailureOptions(err.Error()))
	}
	columns := make([]Column, len(summary.Columns))
	for index, column := range summary.Columns {
		columns[index] = Column{
			Name: column.Name, Count: column.Count, Missing: column.Missing, Distinct: column.Distinct,
			Content: content(column),
		}
	}
	return Ok[Summary, Failure](Summary{Rows: summary.Rows, Columns: columns})
}

func content(column table.Column) Content {
	switch {
	case column.Numbers != nil:
		return MakeContentNumbers(Numbers(*column.Numbers))
	case column.Texts != nil:
		texts := column.Texts
		return MakeContentTexts(Texts{
			Shortest: clamp(texts.Shortest), Longest: clamp(texts.Longest),
			MostFrequent: texts.MostFrequent, Frequency: texts.Frequency,
		})
	default:
		return MakeContentNothing()
	}
}

func clamp(number int) uint32 {
	return uint32(min(max(number, 0), math.MaxUint32))
}
