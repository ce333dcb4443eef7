package table

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func summarize(t *testing.T, text string, options Options) Summary {
	t.Helper()
	summary, err := Summarize([]byte(text), options)
	if err != nil {
		t.Fatal(err)
	}
	return summary
}

var plain = Options{Delimiter: ',', Header: true}

func TestNumbersAndTexts(t *testing.T) {
	summary := summarize(t, "\ufeffcity,degrees,note\nOslo,4,\n\"Paris, France\",12,\nOslo,8.5,\nÅ,,\n", plain)
	if summary.Rows != 4 || len(summary.Columns) != 3 {
		t.Fatalf("%+v", summary)
	}
	city, degrees, note := summary.Columns[0], summary.Columns[1], summary.Columns[2]
	if city.Name != "city" || city.Count != 4 || city.Missing != 0 || city.Distinct != 3 || city.Numbers != nil {
		t.Errorf("%+v", city)
	}
	if *city.Texts != (Texts{Shortest: 1, Longest: 13, MostFrequent: "Oslo", Frequency: 2}) {
		t.Errorf("%+v", *city.Texts)
	}
	if degrees.Count != 3 || degrees.Missing != 1 {
		t.Errorf("%+v", degrees)
	}
	numbers := *degrees.Numbers
	if numbers.Minimum != 4 || numbers.Maximum != 12 || numbers.Sum != 24.5 || numbers.Median != 8.5 ||
		math.Abs(numbers.Mean-24.5/3) > 1e-12 || math.Abs(numbers.StandardDeviation-4.0104031385) > 1e-9 {
		t.Errorf("%+v", numbers)
	}
	if note.Count != 0 || note.Missing != 4 || note.Numbers != nil || note.Texts != nil {
		t.Errorf("%+v", note)
	}
}

func TestWithoutHeader(t *testing.T) {
	summary := summarize(t, "# a comment\n1;2\n3;x\n", Options{Delimiter: ';', Comment: '#'})
	if summary.Rows != 2 || summary.Columns[0].Name != "1" || summary.Columns[1].Name != "2" {
		t.Fatalf("%+v", summary)
	}
	if summary.Columns[0].Numbers.Median != 2 || summary.Columns[0].Numbers.StandardDeviation != math.Sqrt2 {
		t.Errorf("%+v", *summary.Columns[0].Numbers)
	}
	if *summary.Columns[1].Texts != (Texts{Shortest: 1, Longest: 1, MostFrequent: "2", Frequency: 1}) {
		t.Errorf("%+v", *summary.Columns[1].Texts)
	}
}

func TestEdges(t *testing.T) {
	if summary := summarize(t, "", plain); summary.Rows != 0 || len(summary.Columns) != 0 {
		t.Errorf("%+v", summary)
	}
	if summary := summarize(t, "a,b\n", plain); summary.Rows != 0 || len(summary.Columns) != 2 {
		t.Errorf("%+v", summary)
	}
	if column := summarize(t, "a\n1\nNaN\n", plain).Columns[0]; column.Texts == nil {
		t.Errorf("NaN is no number to compute with: %+v", column)
	}
	large := "a\n" + strings.Repeat("1e308\n", 2)
	if numbers := summarize(t, large, plain).Columns[0].Numbers; numbers.Mean != 1e308 || numbers.Median != 1e308 {
		t.Errorf("%+v", numbers)
	}
}

func TestFaults(t *testing.T) {
	for text, at := range map[string][2]int{"a,b\n1\n": {2, 1}, "a,b\n1,\"2": {2, 5}, "a\nb\"c\n": {2, 2}} {
		_, err := Summarize([]byte(text), plain)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || [2]int{syntax.Line, syntax.Column} != at || syntax.Message == "" {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, options := range []Options{{}, {Delimiter: '"'}, {Delimiter: '\n'}, {Delimiter: ',', Comment: ','}, {Delimiter: 0xFFFD}} {
		if _, err := Summarize(nil, options); !errors.Is(err, ErrOptions) {
			t.Errorf("%+v: %v", options, err)
		}
	}
}
