package demo

import (
	_ "embed"

	"throughline/internal/kit/yaml"
)

//go:embed countries.yaml
var countriesFile []byte

// country is one country organisation and what names and places are like there.
type country struct {
	Code            string   `yaml:"code"`
	Name            string   `yaml:"name"`
	Share           float64  `yaml:"share"` // of all people outside the head office
	Office          string   `yaml:"office"`
	Depots          []string `yaml:"depots"`
	Quarters        []string `yaml:"quarters"` // parts of a town, by which stores in one town differ
	Regions         []region `yaml:"regions"`
	Women           []string `yaml:"women"`
	Men             []string `yaml:"men"`
	Families        []string `yaml:"families"`
	FamiliesOfWomen []string `yaml:"families_of_women"` // where they differ
	TwoFamilies     bool     `yaml:"two_families"`
}

type region struct {
	Name  string   `yaml:"name"`
	Towns []string `yaml:"towns"`
}

func countries() []country {
	var all []country
	if err := yaml.Decode(countriesFile, &all); err != nil {
		panic(err) // the file is compiled in
	}
	return all
}
