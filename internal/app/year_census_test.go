package app

import (
	"slices"
	"strings"
)

// figureless are pages that tell no figure of what happens in an organisation, or of something that does not happen in the year.
var figureless = map[string][]string{
	"it is a form, or a file to be filled in": {
		"/roster/files/{upload}", "/diagnoses/new", "/sessions/{session}/edit", "/programmes/{programme}/setup", "/practices/{practice}/edit", "/coaching/{programme}/sessions/new", "/indicators/new", "/goals/new",
		"/competencies/new", "/frameworks/new", "/frameworks/{framework}", "/roles/new", "/roles/{role}/edit", "/resources/new", "/resources/import", "/resources/{resource}/edit",
		"/development/{person}/items/new", "/development/{person}/items/{item}/edit", "/effort/changes/{change}", "/effects/{effect}/plan",
	},
	"it leads on, or signs somebody in":                  {"/r", "/r/{secret}", "/sign-in", "/sign-in/link/{secret}", "/sign-on", "/account", "/account/tokens", "/accounts/tokens", "/accounts/{account}", "/search", "/development", "/figures", "/line-of-sight/{person}"},
	"it lists what was done, or is to come, a line each": {"/record", "/diagnoses/{diagnosis}/report/views", "/sessions"},
	"it is text": {"/help", "/help/{page...}", "/tour", "/themes", "/themes/{item}", "/instruments", "/instruments/{instrument}", "/diagnoses/{diagnosis}/report/kit"},
	"it is there while a diagnosis is open or tried, and nobody is mailed in the year": {"/diagnoses/{diagnosis}/trial", "/diagnoses/{diagnosis}/forecast", "/diagnoses/{diagnosis}/letters", "/diagnoses/{diagnosis}/posters", "/diagnoses/{diagnosis}/mail", "/diagnoses/{diagnosis}/people"},
	"no interviews, votes, partners, coached groups or records are kept in the year":   {"/diagnoses/{diagnosis}/report/focal-points/votes", "/diagnoses/{diagnosis}/report/interviews", "/diagnoses/{diagnosis}/report/interviews/guide", "/diagnoses/{diagnosis}/report/interviews/{interview}", "/partners/{partner}", "/groups/{group}", "/practices/questions", "/coaching/record", "/programmes/{programme}/locations", "/programmes/{programme}/expertise"},
}

// compareCensus sees that every page with a figure was opened in the year: a new one that nobody reckons again is noticed here.
func (y *year) compareCensus() {
	y.t.Helper()
	opened, excused := map[string]bool{}, map[string]bool{}
	families, err := y.metrics.registry.Gather()
	if err != nil {
		y.t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			opened[labels["route"]] = opened[labels["route"]] || labels["status"] == "200"
		}
	}
	for _, all := range figureless {
		for _, path := range all {
			excused["GET "+path] = true
		}
	}
	for _, r := range y.routes {
		switch is := excused[r.Pattern] || slices.Contains(unseen, r.Pattern); {
		case strings.HasPrefix(r.Pattern, "GET ") && !opened[r.Pattern] && !is:
			y.t.Errorf("nobody opens %s in the year", r.Pattern)
		case opened[r.Pattern] && excused[r.Pattern]:
			y.t.Errorf("%s is opened: take it from the pages without figures", r.Pattern)
		}
		delete(excused, r.Pattern)
	}
	for pattern := range excused {
		y.t.Errorf("there is no page %s", pattern)
	}
}
