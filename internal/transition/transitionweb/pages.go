// Package transitionweb holds the pages of the transition. It parses, calls the store,
// renders.
package transitionweb

import (
	_ "embed"

	"throughline/internal/kit/lang"
	"throughline/internal/org"
)

//go:embed nl.yaml
var dutch []byte

func init() { lang.Add(dutch) }

// Permits is the area's table of acts and roles.
var Permits = org.Permits{}
