// Package table computes what is in a table of comma-separated values.
package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Options say how the table is written.
type Options struct {
	Delimiter rune
	// Whether the first row has the columns' names.
	Header bool
	// 0 where there are no comments.
	Comment rune
}

// Numbers describes a column in which every field that is not empty is a number.
type Numbers struct {
	Minimum, Maximum, Sum, Mean float64
	// Of a sample: 0 where there is one number only.
	StandardDeviation float64
	Median            float64
}

// Texts describes any other column. Lengths are in characters.
type Texts struct {
	Shortest, Longest int
	// The field that is there most often, the first one of several.
	MostFrequent string
	Frequency    uint64
}

// Column has Numbers or Texts, or neither where all of its fields are empty.
type Column struct {
	Name                     string
	Count, Missing, Distinct uint64
	Numbers                  *Numbers
	Texts                    *Texts
}

// Summary describes a table. Rows are counted without the header.
type Summary struct {
	Rows    uint64
	Columns []Column
}

// SyntaxError is a place at which the table is none. Line and Column are counted from 1, the column in bytes.
type SyntaxError struct {
	Line, Column int
	Message      string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// ErrOptions is what options cannot be.
var ErrOptions = errors.New("delimiter and comment are different characters, and neither a quote, a line's end nor U+FFFD")

// Summarize reads a table to its end. It returns ErrOptions or a *SyntaxError.
func Summarize(text []byte, options Options) (Summary, error) {
	if !valid(options) {
		return Summary{}, ErrOptions
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	reader.Comma, reader.Comment, reader.ReuseRecord = options.Delimiter, options.Comment, true

	var summary Summary
	var columns []gatherer
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Summary{}, syntaxError(err)
		}
		if columns == nil {
			columns = make([]gatherer, len(row))
			for index := range columns {
				columns[index] = gatherer{name: strconv.Itoa(index + 1), distinct: make(map[string]uint64), numeric: true}
				if options.Header {
					columns[index].name = strings.Clone(row[index])
				}
			}
			if options.Header {
				continue
			}
		}
		summary.Rows++
		for index, field := range row {
			columns[index].add(field)
		}
	}
	summary.Columns = make([]Column, len(columns))
	for index := range columns {
		summary.Columns[index] = columns[index].column()
	}
	return summary, nil
}

// What encoding/csv accepts; it panics for nothing, but tells a wrong delimiter at the first row only.
func valid(options Options) bool {
	character := func(r rune) bool {
		return r != 0 && r != '"' && r != '\r' && r != '\n' && utf8.ValidRune(r) && r != utf8.RuneError
	}
	return character(options.Delimiter) && options.Delimiter != options.Comment &&
		(options.Comment == 0 || character(options.Comment))
}

func syntaxError(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &SyntaxError{Line: parse.Line, Column: parse.Column, Message: parse.Err.Error()}
	}
	return &SyntaxError{Line: 1, Column: 1, Message: err.Error()}
}

// gatherer is a column while it is read.
type gatherer struct {
	name              string
	count, missing    uint64
	numeric           bool
	numbers           []float64
	distinct          map[string]uint64
	frequent          string
	shortest, longest int
}

func (g *gatherer) add(field string) {
	if field == "" {
		g.missing++
		return
	}
	if g.count == 0 {
		g.shortest = math.MaxInt
	}
	g.count++
	length := utf8.RuneCountInString(field)
	g.shortest, g.longest = min(g.shortest, length), max(g.longest, length)
	times, seen := g.distinct[field]
	if !seen {
		// The reader writes the next row over this one.
		field = strings.Clone(field)
	}
	g.distinct[field] = times + 1
	if g.numeric {
		number, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
		if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
			g.numeric, g.numbers = false, nil
		} else {
			g.numbers = append(g.numbers, number)
		}
	}
	if times+1 > g.distinct[g.frequent] || g.frequent == "" {
		g.frequent = field
	}
}

func (g *gatherer) column() Column {
	column := Column{Name: g.name, Count: g.count, Missing: g.missing, Distinct: uint64(len(g.distinct))}
	switch {
	case g.count == 0:
	case g.numeric:
		column.Numbers = describe(g.numbers)
	default:
		column.Texts = &Texts{
			Shortest: g.shortest, Longest: g.longest,
			MostFrequent: g.frequent, Frequency: g.distinct[g.frequent],
		}
	}
	return column
}

func describe(numbers []float64) *Numbers {
	slices.Sort(numbers)
	count := len(numbers)
	described := Numbers{Minimum: numbers[0], Maximum: numbers[count-1], Median: numbers[count/2]}
	if count%2 == 0 {
		// Halved before they are added, so that the sum of two large ones is not infinite.
		described.Median = numbers[count/2-1]/2 + numbers[count/2]/2
	}
	// Welford's method: stable where the numbers are large and close together.
	var mean, squares float64
	for index, number := range numbers {
		described.Sum += number
		delta := number - mean
		mean += delta / float64(index+1)
		squares += delta * (number - mean)
	}
	described.Mean = mean
	if count > 1 {
		described.StandardDeviation = math.Sqrt(squares / float64(count-1))
	}
	return &described
}
