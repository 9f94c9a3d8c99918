package strategy

import (
	_ "embed"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/period"
	"throughline/internal/kit/yaml"
)

//go:embed shipped.yaml
var shippedFile []byte

// shipped is an indicator as the file of definitions has it.
type shipped struct {
	Key         string         `yaml:"key"`
	Name        diagnosis.Text `yaml:"name"`
	Definition  diagnosis.Text `yaml:"definition"`
	Formula     diagnosis.Text `yaml:"formula"`
	Measure     string         `yaml:"measure"`
	Decimals    int            `yaml:"decimals"`
	Direction   Direction      `yaml:"direction"`
	OverUnits   OverUnits      `yaml:"over_units"`
	Weight      string         `yaml:"weight"`
	OverTime    OverTime       `yaml:"over_time"`
	Grain       period.Grain   `yaml:"grain"`
	Perspective Perspective    `yaml:"perspective"`
}

// Shipped are definitions to begin with, in a language. Weight names another of them by its key.
func Shipped(language string) ([]Indicator, error) {
	var all []shipped
	if err := yaml.Decode(shippedFile, &all); err != nil {
		return nil, err
	}
	var out []Indicator
	for _, s := range all {
		out = append(out, Indicator{Key: s.Key, Name: s.Name.In(language), Definition: s.Definition.In(language), Formula: s.Formula.In(language), Measure: s.Measure, Decimals: s.Decimals,
			Direction: s.Direction, OverUnits: s.OverUnits, Weight: s.Weight, OverTime: s.OverTime, Grain: s.Grain, Perspective: s.Perspective})
	}
	return out, nil
}

// Fresh are those of some indicators whose origin no other has, with short names that are free.
func Fresh(wanted, there []Indicator) (fresh []Indicator) {
	for _, i := range wanted {
		all := slices.Concat(there, fresh)
		if slices.ContainsFunc(all, func(t Indicator) bool { return t.Origin == i.Origin }) {
			continue
		}
		i.Key = CleanKey(i.Key)
		for slices.ContainsFunc(all, func(t Indicator) bool { return t.Key == i.Key }) {
			i.Key += "-2"
		}
		fresh = append(fresh, i)
	}
	return fresh
}

// Chosen are those of some definitions that are named by their keys and are not there yet, and with
// them what weights them.
func Chosen(all, there []Indicator, keys []string) []Indicator {
	wanted := map[string]bool{}
	for _, i := range all {
		if slices.Contains(keys, i.Key) {
			wanted[i.Key], wanted[i.Weight] = true, true
		}
	}
	var chosen []Indicator
	for _, i := range all {
		if wanted[i.Key] && !slices.ContainsFunc(there, func(t Indicator) bool { return t.Key == i.Key }) {
			chosen = append(chosen, i)
		}
	}
	return chosen
}
