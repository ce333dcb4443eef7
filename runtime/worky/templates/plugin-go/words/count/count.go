// Package count counts words.
package count

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Summary is what there is in a text.
type Summary struct {
	Words        uint32
	MostFrequent string
	Frequency    uint32
}

// Words counts the words of a text.
func Words(text []byte) (Summary, error) {
	if !utf8.Valid(text) {
		return Summary{}, errors.New("the text is not UTF-8")
	}
	var summary Summary
	counts := map[string]uint32{}
	isBetween := func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '\'' }
	words := strings.FieldsFunc(strings.ToLower(string(text)), isBetween)
	for _, word := range words {
		counts[word]++
	}
	for _, word := range words {
		if counts[word] > summary.Frequency {
			summary.MostFrequent, summary.Frequency = word, counts[word]
		}
	}
	summary.Words = uint32(len(words))
	return summary, nil
}
