package count

import "testing"

func TestWords(t *testing.T) {
	for text, want := range map[string]Summary{
		"":                     {},
		"The end. The END, it": {Words: 5, MostFrequent: "the", Frequency: 2},
	} {
		got, err := Words([]byte(text))
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if _, err := Words([]byte{0xff}); err == nil {
		t.Error("what is not UTF-8 is taken")
	}
}
