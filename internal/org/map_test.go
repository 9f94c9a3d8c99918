package org_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"throughline/internal/kit/yaml"
	"throughline/internal/org"
)

func TestAMapFileSaysPlainColumnsInOneWord(t *testing.T) {
	var m org.Map
	err := yaml.Decode([]byte(`
dates: dd-mm-yyyy
people:
  key: Staff no
  unit_path: Department
  level: {column: Grade, values: {"9": manager}, default: employee}
  partner: {constant: Acme}
  attributes: {Shift: Rota, Contract: {column: Type, default: fixed}}
`), &m)
	if err != nil {
		t.Fatal(err)
	}
	p := m.People
	if p.Key.Column != "Staff no" || p.Level.Column != "Grade" || p.Level.Values["9"] != "manager" || p.Level.Default != "employee" ||
		p.Partner.Constant != "Acme" || p.Attributes["Shift"].Column != "Rota" || p.Attributes["Contract"].Default != "fixed" {
		t.Errorf("read %+v", p)
	}
	if err := m.Check(); err != nil {
		t.Error(err)
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var again org.Map
	if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(m, again) {
		t.Errorf("remembered as %s: %v", text, err)
	}
	written, err := yaml.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	var third org.Map
	if err := yaml.Decode(written, &third); err != nil || !reflect.DeepEqual(m, third) {
		t.Errorf("written as\n%s\nread as %+v: %v", written, third, err)
	}
	for _, unknown := range []string{"people: {key: A, colour: B}", "people: {key: {colum: A}}", "peeple: {key: A}"} {
		var m org.Map
		if err := yaml.Decode([]byte(unknown), &m); err == nil {
			t.Errorf("%s: an unknown word was accepted", unknown)
		}
	}
}

func TestAMapThatContradictsItselfIsRefused(t *testing.T) {
	good := func() org.Map {
		return org.Map{
			People: &org.Section{Key: column("Id"), Unit: column("Unit"), Manager: column("Boss")},
			Groups: &org.Section{Unit: column("Unit"), FTE: column("FTE")},
		}
	}
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(m *org.Map){
		"neither a section people nor a section groups": func(m *org.Map) { m.People, m.Groups = nil, nil },
		`dates: "ymd"`:                 func(m *org.Map) { m.Dates = "ymd" },
		`decimals: "dot"`:              func(m *org.Map) { m.Decimals = "dot" },
		`on_duplicate: "last"`:         func(m *org.Map) { m.OnDuplicate = "last" },
		`tree: "up"`:                   func(m *org.Map) { m.Tree = "up" },
		"needs the column manager":     func(m *org.Map) { m.Tree, m.People.Manager = "reporting", org.Field{} },
		"must say which column is key": func(m *org.Map) { m.People.Key = org.Field{} },
		"must say which column is fte": func(m *org.Map) { m.Groups.FTE = org.Field{} },
		"unit or unit_path":            func(m *org.Map) { m.People.Unit = org.Field{} },
		"not both":                     func(m *org.Map) { m.People.UnitPath = column("Path") },
		"has no field grade":           func(m *org.Map) { m.People.Grade = column("Grade") },
		"has no field mail":            func(m *org.Map) { m.Groups.Mail = column("Mail") },
		"only people have":             func(m *org.Map) { m.Groups.OtherAttributes = true },
		"needs a name and a column":    func(m *org.Map) { m.People.Attributes = map[string]org.Field{"Shift": {}} },
		"cannot have unit_path or parent_unit": func(m *org.Map) {
			m.Tree, m.People.ParentUnit = "reporting", column("Above")
		},
	} {
		m := good()
		change(&m)
		if err := m.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestColumnsThatAreNotThereAreNamed(t *testing.T) {
	m := org.Map{People: &org.Section{Key: column("Id"), Unit: column("Unit"), Mail: column("E-mail")}}
	for _, c := range []struct {
		sources []org.Source
		want    string
	}{
		{[]org.Source{source("f.csv", "Id,Department")}, `f.csv has no column "E-mail", "Unit", which the section people of the map names; its columns are: "Id", "Department"`},
		{[]org.Source{source("f.csv", "Id,Unit,E-mail"), source("g.csv", "Other")}, "g.csv has the columns of no section"},
		{nil, "no file"},
		{[]org.Source{source("f.csv", "ID ,unit,E-Mail")}, ""},
	} {
		_, err := org.NewDraft(m, c.sources)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %q, got %v", c.want, err)
		}
	}
}
