package learning

import (
	"cmp"
	"slices"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Role is a job or a part that people have at work. Who has it follows from the roster by a rule, or is
// said of people one by one.
type Role struct {
	ID, Key, Name, Note string
	URI                 string // of its source, "" for one of our own
	Rule                HolderRule
	Requires            []Requirement
	Results             []Result   // the performance model
	Ended               period.Day // "" while it is used
}

// HolderRule says who of the roster has a role: everybody at one of the levels with one of the values
// of an attribute. A part that is empty narrows nothing; all empty is nobody.
type HolderRule struct {
	Levels    []org.Level
	Attribute string
	Values    []string
}

// IsZero says whether nobody has a role by the rule.
func (h HolderRule) IsZero() bool { return len(h.Levels) == 0 && h.Attribute == "" }

// Fits says whether somebody at a level and with these attributes has the role.
func (h HolderRule) Fits(level org.Level, attributes map[string]string) bool {
	return !h.IsZero() && (len(h.Levels) == 0 || slices.Contains(h.Levels, level)) &&
		(h.Attribute == "" || slices.Contains(h.Values, attributes[h.Attribute]))
}

// Requirement is a competency that a role needs.
type Requirement struct {
	Competency string // id
	Level      int    // of the competency's framework, from 1
	Essential  bool   // the role cannot be done well without it
}

// Result is a part of what good performance of a role produces.
type Result struct {
	ID           string
	What         string   // that is produced
	Good         string   // how one sees that it is good
	Indicator    string   // id of the one that shows it, "" for none
	Competencies []string // ids, of those on which it rests
}

const (
	mostRequired = 400
	mostResults  = 30
)

// Check brings a role into order and reports what it lacks.
func (r *Role) Check() error {
	r.Name, r.Note, r.Key, r.Rule.Attribute = line(r.Name), words(r.Note), cmp.Or(line(r.Key), CleanKey(r.Name)), line(r.Rule.Attribute)
	switch {
	case r.Name == "" || tooLong(r.Name, mostName):
		return fault.Fieldf("name", "give it a name of at most %d characters", mostName)
	case tooLong(r.Note, mostNote):
		return fault.Fieldf("note", "this text has at most %d characters", mostNote)
	case tooLong(r.Key, mostName):
		return fault.Fieldf("key", "this text has at most %d characters", mostName)
	}
	var values []string
	for _, v := range r.Rule.Values {
		if v = line(v); v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	switch r.Rule.Values = values; {
	case r.Rule.Attribute == "" && len(values) > 0:
		return fault.Fieldf("attribute", "choose the attribute of the roster that has these values")
	case r.Rule.Attribute != "" && len(values) == 0:
		return fault.Fieldf("values", "say which values of %s make this role", r.Rule.Attribute)
	}
	for _, l := range r.Rule.Levels {
		if !slices.Contains(org.Levels, l) {
			return fault.Fieldf("levels", "there is no level %q", string(l))
		}
	}
	return nil
}

// Require puts a requirement to those of a role, in place of the one for the same competency. levels
// are those of the competency's framework.
func (r *Role) Require(q Requirement, levels int) error {
	if q.Level < 1 || q.Level > levels {
		return fault.Fieldf("level", "choose a level that the framework has: 1 to %d", levels)
	}
	if n := slices.IndexFunc(r.Requires, func(was Requirement) bool { return was.Competency == q.Competency }); n >= 0 {
		r.Requires[n] = q
		return nil
	}
	if r.Requires = append(r.Requires, q); len(r.Requires) > mostRequired {
		return fault.Conflictf("a role requires at most %d competencies", mostRequired)
	}
	return nil
}

// Produce puts a result to the performance model of a role, in place of the one of the same id.
func (r *Role) Produce(made Result) error {
	made.What, made.Good = line(made.What), words(made.Good)
	switch {
	case made.What == "" || tooLong(made.What, mostName):
		return fault.Fieldf("what", "say in at most %d characters what is produced", mostName)
	case tooLong(made.Good, mostNote):
		return fault.Fieldf("good", "this text has at most %d characters", mostNote)
	}
	slices.Sort(made.Competencies)
	made.Competencies = slices.Compact(made.Competencies)
	if n := slices.IndexFunc(r.Results, func(was Result) bool { return was.ID == made.ID }); n >= 0 {
		r.Results[n] = made
		return nil
	}
	if r.Results = append(r.Results, made); len(r.Results) > mostResults {
		return fault.Conflictf("a performance model has at most %d results", mostResults)
	}
	return nil
}
