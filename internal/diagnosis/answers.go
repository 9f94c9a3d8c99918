package diagnosis

import (
	"errors"
	"strconv"

	"throughline/internal/kit/fault"
)

// What a packed byte means besides value - Min + 1 of the item's scale.
const (
	NotAnswered byte = 0
	Abstained   byte = 255 // cannot judge, or not applicable
)

// Answers is the answers of a whole diagnosis, packed one byte per item and kept
// by column, with the cell (own unit x reported attributes) of each response. It
// holds no order of arrival, but for that one bit, and nobody's identity.
type Answers struct {
	Columns [][]byte // per item of Instrument.Items, one byte per response
	Cell    []int32  // per response
	Late    []bool   // per response: it came after the first reminder, where that is kept; or empty
}

// NewAnswers returns an empty snapshot with room for n responses to in.
func NewAnswers(in *Instrument, n int) *Answers {
	a := &Answers{Columns: make([][]byte, len(in.Items())), Cell: make([]int32, 0, n)}
	for i := range a.Columns {
		a.Columns[i] = make([]byte, 0, n)
	}
	return a
}

// Len is the number of responses.
func (a *Answers) Len() int { return len(a.Cell) }

// Append adds one packed response. A row of another length than the instrument's
// items is an error of the program, not of a caller.
func (a *Answers) Append(row []byte, cell int32) error {
	if len(row) != len(a.Columns) {
		return errors.New("diagnosis: a packed response does not have one byte per item of its instrument")
	}
	for i, b := range row {
		a.Columns[i] = append(a.Columns[i], b)
	}
	a.Cell = append(a.Cell, cell)
	return nil
}

// Row writes response r, packed, into row, which has one byte per item.
func (a *Answers) Row(r int, row []byte) {
	for i := range a.Columns {
		row[i] = a.Columns[i][r]
	}
}

// Value returns the value that a packed byte stands for; false when the item was not answered.
func (s *Scale) Value(b byte) (int, bool) {
	if b == NotAnswered || int(b) > s.Points() {
		return 0, false
	}
	return s.Min + int(b) - 1, true
}

// Pack turns one response, item id -> answer in words or figures, into a byte per
// item. An id that is missing or whose answer is empty is not answered. It reports
// ids that are no items, and every answer that is not on the scale, at its id.
func (in *Instrument) Pack(given map[string]string) ([]byte, error) {
	items := in.Items()
	row := make([]byte, len(items))
	read := map[*Scale]words{}
	var mistakes []error
	known := 0
	for i, it := range items {
		text, ok := given[it.ID]
		if !ok {
			continue
		}
		known++
		w, ok := read[it.Scale]
		if !ok {
			w = newWords(in, it.Scale)
			read[it.Scale] = w
		}
		if row[i], ok = w.read(text); !ok {
			mistakes = append(mistakes, fault.Fieldf(it.ID, "%q is not on the scale %d-%d", clip(text), it.Scale.Min, it.Scale.Max))
		}
	}
	if known < len(given) {
		mistakes = append(mistakes, fault.Invalidf("an answer belongs to no item of this questionnaire; open the link again and answer there"))
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	return row, nil
}

// Known returns those of the answers, item or question id to answer, that can be
// kept.
func (in *Instrument) Known(given map[string]string) map[string]string {
	known := map[string]string{}
	for id, text := range given {
		answers, comments, err := in.Comments(map[string]string{id: text})
		if err == nil && len(answers) > 0 {
			_, err = in.Pack(answers)
		}
		if err == nil && text != "" && len(answers)+len(comments) > 0 {
			known[id] = text
		}
	}
	return known
}

// Unpack is the reverse of Pack: item id -> figure, or CannotJudgeValue for an
// abstention of either kind (NotApplicableValue where that is the only one
// offered). What is not answered is left out.
func (in *Instrument) Unpack(row []byte) map[string]string {
	given := make(map[string]string)
	abstained := CannotJudgeValue
	if !in.CannotJudge.offered() {
		abstained = NotApplicableValue
	}
	for i, it := range in.Items() {
		if i >= len(row) {
			break
		}
		if v, ok := it.Scale.Value(row[i]); ok {
			given[it.ID] = strconv.Itoa(v)
		} else if row[i] == Abstained {
			given[it.ID] = abstained
		}
	}
	return given
}
