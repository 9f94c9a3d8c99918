package org

import (
	"maps"

	"throughline/internal/kit/period"
)

// Person is somebody who works in the organisation, or a post without a name.
type Person struct {
	ID         string            `json:"-"`
	Key        string            `json:"-"` // the roster's own number of the person or post
	Name       string            `json:"n,omitempty"`
	Mail       string            `json:"m,omitempty"` // lower case
	Unit       Ref               `json:"u"`
	Location   Ref               `json:"l"`
	Partner    Ref               `json:"p"`
	Level      Level             `json:"v,omitempty"`
	Manager    Ref               `json:"b"`           // the person reported to; Key may name nobody in the roster
	Start      period.Day        `json:"s,omitempty"` // first day at work, "" where none is stated
	End        period.Day        `json:"e,omitempty"` // last day at work, "" where none is stated
	FTE        float64           `json:"f"`           // full-time equivalents; 1 where none is stated
	Attributes map[string]string `json:"a,omitempty"`
}

// Title is how a page calls the person: the name, else the key.
func (p Person) Title() string {
	if p.Name != "" {
		return p.Name
	}
	return p.Key
}

// WorksOn says whether the person is at work on the day.
func (p Person) WorksOn(day period.Day) bool {
	return (p.Start == "" || p.Start <= day) && (p.End == "" || p.End >= day)
}

// Differs names the fields in which two records of one person differ, by what
// the roster says: identifiers are not compared, references by their keys.
func (p Person) Differs(q Person) []string {
	var fields []string
	add := func(field string, differs bool) {
		if differs {
			fields = append(fields, field)
		}
	}
	add("name", p.Name != q.Name)
	add("mail", p.Mail != q.Mail)
	add("unit", p.Unit.Key != q.Unit.Key)
	add("location", p.Location.Key != q.Location.Key)
	add("partner", p.Partner.Key != q.Partner.Key)
	add("level", p.Level != q.Level)
	add("manager", p.Manager.Key != q.Manager.Key)
	add("start", p.Start != q.Start)
	add("end", p.End != q.End)
	add("fte", p.FTE != q.FTE)
	add("attributes", !maps.Equal(p.Attributes, q.Attributes))
	return fields
}
