package diagnosis

import (
	"errors"
	"iter"
	"math"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Reference is what others score with an instrument: a sector's, or a licence holder's
// benchmark.
type Reference struct {
	ID         string             `json:"id"`
	Instrument string             `json:"instrument"` // the id in the instrument's file, of any version
	Name       string             `json:"name"`
	Source     string             `json:"source"` // who says so, and where
	Day        period.Day         `json:"day"`    // as of which
	Means      map[string]float64 `json:"means"`  // by the id of a factor or an item
}

// Check brings a reference into order and reports what it lacks.
func (r *Reference) Check() error {
	r.Name, r.Source = strings.TrimSpace(r.Name), strings.TrimSpace(r.Source)
	switch {
	case r.Name == "" || len(r.Name) > 200:
		return fault.Fieldf("name", "give a name of at most 200 bytes, such as 'Retail, Europe'")
	case r.Source == "" || len(r.Source) > 500:
		return fault.Fieldf("source", "say who published these figures, in at most 500 bytes")
	case r.Day == "":
		return fault.Fieldf("day", "say from which day the figures are")
	}
	return nil
}

// Mean is the reference of a factor or an item, nil where it has none.
func (r *Reference) Mean(id string) *float64 {
	if r == nil {
		return nil
	}
	if v, ok := r.Means[id]; ok {
		return &v
	}
	return nil
}

// ReadReference reads a file of means: a column 'figure' with the id or the name of a
// factor or characteristic, and a column 'mean'. Mistakes name their line.
func (in *Instrument) ReadReference(header []string, rows iter.Seq2[Row, error]) (map[string]float64, error) {
	figure, mean := -1, -1
	for i, h := range header {
		switch fold(h) {
		case "figure":
			figure = i
		case "mean":
			mean = i
		}
	}
	if figure < 0 || mean < 0 {
		return nil, fault.Fieldf("file", "the file needs a column 'figure', with the id or name of a factor or characteristic, and a column 'mean'")
	}
	known, scales := in.figureNames()
	means := map[string]float64{}
	var mistakes []error
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		if len(row.Cells) <= max(figure, mean) || strings.TrimSpace(row.Cells[figure]+row.Cells[mean]) == "" {
			continue
		}
		if err := readMean(row, figure, mean, known, scales, means); err != nil {
			if mistakes = append(mistakes, err); len(mistakes) >= mostMistakes {
				break
			}
		}
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	if len(means) == 0 {
		return nil, fault.Fieldf("file", "the file has headings but no figures")
	}
	return means, nil
}

func readMean(row Row, figure, mean int, known map[string]string, scales map[string]*Scale, means map[string]float64) error {
	id, ok := known[fold(row.Cells[figure])]
	if !ok {
		return fault.Invalidf("line %d: the instrument has no factor or characteristic %q", row.Line, clip(row.Cells[figure]))
	}
	if _, twice := means[id]; twice {
		return fault.Invalidf("line %d: %q stands there twice", row.Line, clip(row.Cells[figure]))
	}
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(row.Cells[mean]), ",", ".", 1), 64)
	if s := scales[id]; err != nil || math.IsNaN(v) || v < float64(s.Min) || v > float64(s.Max) {
		return fault.Invalidf("line %[1]d: %[2]q is no mean on the scale %[3]d-%[4]d", row.Line, clip(row.Cells[mean]), s.Min, s.Max)
	}
	means[id] = v
	return nil
}

// figureNames finds factors and items by their ids and by their names in every language; a
// name that two have is none.
func (in *Instrument) figureNames() (id map[string]string, scales map[string]*Scale) {
	id, scales = map[string]string{}, map[string]*Scale{}
	add := func(as, of string) {
		if other, taken := id[fold(as)]; taken && other != of {
			of = ""
		}
		id[fold(as)] = of
	}
	for f, factor := range in.Factors {
		for _, name := range factor.Name {
			add(name, factor.ID)
		}
		scales[factor.ID] = in.FactorScale(f)
	}
	for _, it := range in.Items() {
		for _, name := range it.Name {
			add(name, it.ID)
		}
		scales[it.ID] = it.Scale
	}
	for as, of := range id {
		if of == "" {
			delete(id, as)
		}
	}
	for of := range scales { // an id is itself, whatever else is called so
		id[fold(of)] = of
	}
	return id, scales
}
