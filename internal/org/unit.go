package org

import "throughline/internal/kit/period"

// Ref points at a unit, a location, a partner or a person. In rows that are
// being read only Key is known; the store fills ID and Name.
type Ref struct {
	ID   string `json:"-"`
	Key  string `json:"k,omitempty"`
	Name string `json:"-"`
}

// Unit is a part of the organisation. Units form one tree.
type Unit struct {
	ID     string
	Key    string // what a roster calls it: a code, a path, or a name that occurs once
	Name   string
	Parent Ref        // the zero Ref for the root
	Left   period.Day // first day on which it was not there any more, "" while it is
}

// Location is a place where people work. Its name is its key.
type Location struct {
	ID      string
	Name    string
	Country string // as the roster writes it; "" where none is stated
}

// Partner is an organisation that takes part beside others: a franchise, a
// contractor, a subsidiary. Its name is its key.
type Partner struct {
	ID   string
	Name string
}

// LocationCount is a location with how many work there.
type LocationCount struct {
	Location
	Headcount
}
