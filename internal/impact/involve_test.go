package impact

import (
	"fmt"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/org"
	"throughline/internal/transition"
)

func TestWhatIsAskedGoesToThoseWithFewestActsFirst(t *testing.T) {
	person := func(id string) org.Person { return org.Person{ID: id, Name: id} }
	act := func(of string, kind effort.ActKind, initiative string) effort.Act {
		return effort.Act{Person: org.Ref{ID: of}, Kind: kind, Day: "2026-05-01", Initiative: initiative}
	}
	v := effort.InvolvementOf([]org.Person{person("ann"), person("bo"), person("cy")}, nil, []effort.Act{
		act("ann", effort.Objective, ""), act("ann", effort.Spoke, ""), act("bo", effort.Objective, ""), act("bo", effort.Sponsored, "held"), act("bo", effort.Spoke, ""),
	}, "2026-05-20", 4)
	session := func(name, host string) transition.Session {
		return transition.Session{Name: name, Host: transition.Host{Person: org.Ref{ID: host}}}
	}
	coming := []transition.Session{session("of cy", "cy"), session("second", "x"), session("third", "x")}
	initiatives := []effort.Initiative{{ID: "held", Name: "held"}, {ID: "over", Name: "over", Ended: "2026-01-01"}, {ID: "new", Name: "new"}}
	var said []string
	asks := Asks(v, coming, initiatives, "2026-05-20")
	for _, who := range []string{"ann", "bo", "cy"} {
		for _, a := range asks[who] {
			said = append(said, fmt.Sprint(who, " ", a.Kind, " ", a.Session.Name, a.Initiative.Name))
		}
	}
	// Cy has no objective, and does not open an own session; each session is asked of one.
	if got, want := fmt.Sprint(said), "[ann session of cy ann support new bo session third cy objective  cy session second]"; got != want {
		t.Errorf("%s\nnot %s", got, want)
	}
	if len(Asks(effort.InvolvementOf(nil, nil, nil, "2026-05-20", 1), coming, initiatives, "2026-05-20")) != 0 {
		t.Error("something is asked of nobody")
	}
	if coming[1].Name != "second" || coming[2].Name != "third" {
		t.Error("the caller's list is another")
	}
}
