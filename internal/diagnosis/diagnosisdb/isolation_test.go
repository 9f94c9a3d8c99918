package diagnosisdb_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

var errSeen = errors.New("another organisation's rows are seen")

// seen is errSeen unless a list is empty.
func seen[T any](list []T, err error) error {
	if err == nil && len(list) > 0 {
		return errSeen
	}
	return err
}

// Every method of the store is called for an organisation with the ids of
// another's diagnoses: it finds nothing and changes nothing. A method that is not
// in the table fails the test.
func TestNoMethodSeesAnotherOrganisation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, secrets := w.opened(t)
		draft := w.draft(t)
		for _, s := range secrets[:20] {
			if err := w.Submit(ctx, s, given(t, 5)); err != nil {
				t.Fatal(err)
			}
		}
		instrument, err := w.KeepInstrument(ctx, w.organisation, altered("id: hpo", "id: own"), "Ada")
		if err != nil {
			t.Fatal(err)
		}
		mailing, err := w.PlanMailing(ctx, w.organisation, id, invitationMail(w), "Ada")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.KeepReference(ctx, w.organisation, diagnosis.Reference{Instrument: "hpo", Name: "Retail", Source: "Us", Day: "2026-01-01"}, "Ada"); err != nil {
			t.Fatal(err)
		}
		references, err := w.References(ctx, w.organisation, "hpo")
		if err != nil || len(references) != 1 {
			t.Fatalf("%v, %v", references, err)
		}
		closed := w.run(t, "2026-03-01", 4, nil)
		chosen := w.choose(t, closed)
		interview, err := w.SaveInterview(ctx, w.organisation, closed, diagnosis.Interview{Day: "2026-04-01", Shared: true}, "ada", "Ada")
		if err != nil {
			t.Fatal(err)
		}
		stranger := newOrganisation(t, w.Org, "strangers")
		day := period.Day("2026-03-01")
		notFound := map[string]func() error{
			"Diagnosis":        func() error { _, err := w.Diagnosis(ctx, stranger, id); return err },
			"Instrument":       func() error { _, err := w.Instrument(ctx, stranger, id); return err },
			"InstrumentSource": func() error { _, err := w.InstrumentSource(ctx, stranger, instrument); return err },
			"Asks": func() error {
				_, err := w.Asks(ctx, stranger, id, func(string) bool { return true })
				return err
			},
			"Open":     func() error { return w.Open(ctx, stranger, draft.ID, org.By{Name: "Eve"}) },
			"Close":    func() error { return w.Close(ctx, stranger, id, org.By{Name: "Eve"}, nil) },
			"Response": func() error { _, err := w.Response(ctx, stranger, id); return err },
			"Report":   func() error { _, err := w.Report(ctx, stranger, id); return err },
			"Links": func() error {
				return w.Links(ctx, stranger, id, func(diagnosisdb.PersonalLink) error { return errSeen })
			},
			"ImportAnswers": func() error {
				return w.ImportAnswers(ctx, stranger, id, "Ada", []diagnosis.Imported{{Person: "All/North-1"}})
			},
			"ImportFile": func() error {
				_, err := w.ImportFile(ctx, stranger, id, "Ada", []string{"person"}, nil)
				return err
			},
			"BeginTrial":     func() error { return w.BeginTrial(ctx, stranger, draft.ID, "Eve") },
			"Trial":          func() error { _, err := w.Trial(ctx, stranger, draft.ID); return err },
			"Earlier":        func() error { _, err := w.Earlier(ctx, stranger, id); return err },
			"Compare":        func() error { _, err := w.Compare(ctx, stranger, id, ""); return err },
			"DropReference":  func() error { return w.DropReference(ctx, stranger, references[0].ID, "Eve") },
			"Invitees":       func() error { _, err := w.Invitees(ctx, stranger, id, "Person", 9); return err },
			"Newcomers":      func() error { _, err := w.Newcomers(ctx, stranger, id, "", 9); return err },
			"Invite":         func() error { return w.Invite(ctx, stranger, id, []string{"x"}, "Eve") },
			"CorrectAddress": func() error { return w.CorrectAddress(ctx, stranger, id, "x", "eve@x.example", "Eve") },
			"SharedLinks":    func() error { _, err := w.SharedLinks(ctx, stranger, id); return err },
			"MailAgain":      func() error { return w.MailAgain(ctx, stranger, id, "x", "Eve") },
			"Link":           func() error { _, err := w.Link(ctx, stranger, id, "x", "Eve"); return err },
			"Letters":        func() error { _, err := w.Letters(ctx, stranger, id, "", true, 9); return err },
			"LetterUnits":    func() error { _, err := w.LetterUnits(ctx, stranger, id, true); return err },
			"Extend":         func() error { return w.Extend(ctx, stranger, id, w.now.Add(time.Hour), "Eve") },
			"Mailings":       func() error { _, err := w.Mailings(ctx, stranger, id); return err },
			"PlanMailing": func() error {
				_, err := w.PlanMailing(ctx, stranger, id, invitationMail(w), "Eve")
				return err
			},
			"StopMailing": func() error { return w.StopMailing(ctx, stranger, id, mailing, "Eve") },
			"Troubles":    func() error { _, err := w.Troubles(ctx, stranger, id, 9); return err },
			"Resend":      func() error { return w.Resend(ctx, stranger, id, mailing, "x", "", "Eve") },
			"Leave":       func() error { return w.Leave(ctx, stranger, id, mailing, "x") },
			"Focal":       func() error { _, err := w.Focal(ctx, stranger, closed); return err },
			"SaveFocal": func() error {
				_, err := w.SaveFocal(ctx, stranger, closed, diagnosis.FocalPoint{Theme: "x", Items: []string{"trust"}}, "", "Eve")
				return err
			},
			"DropFocal":    func() error { return w.DropFocal(ctx, stranger, closed, chosen[0], "Eve") },
			"SaveWorkshop": func() error { return w.SaveWorkshop(ctx, stranger, closed, diagnosis.Workshop{}) },
			"DecideFocal":  func() error { return w.DecideFocal(ctx, stranger, closed, "Eve") },
			"ReopenFocal":  func() error { return w.ReopenFocal(ctx, stranger, closed, "Eve") },
			"Judge":        func() error { _, err := w.Judge(ctx, stranger, closed, ""); return err },
			"Moved":        func() error { _, err := w.Moved(ctx, stranger, closed, "", nil); return err },
			"Coding":       func() error { _, err := w.Coding(ctx, stranger, closed); return err },
			"Code":         func() error { return w.Code(ctx, stranger, closed, []int{0}, "trust", true) },
			"Release":      func() error { return w.Release(ctx, stranger, closed, diagnosis.ToEveryone, "Eve") },
			"Opened": func() error {
				if err := w.Saw(ctx, w.organisation, closed, diagnosis.View{Account: "eve", Name: "Eve", Page: ""}); err != nil {
					return err
				}
				opened, err := w.Opened(ctx, stranger, closed, "eve")
				if own, _ := w.Opened(ctx, w.organisation, closed, "eve"); own && !opened && err == nil {
					err = fault.NotFoundf("it was opened in its own organisation alone")
				}
				return err
			},
			"Views":      func() error { _, err := w.Views(ctx, stranger, closed, 9); return err },
			"TookLinks":  func() error { return w.TookLinks(ctx, stranger, closed, org.Event{What: "x"}) },
			"Interviews": func() error { _, err := w.Interviews(ctx, stranger, closed, "ada"); return err },
			"Interview": func() error {
				_, _, err := w.Interview(ctx, stranger, closed, interview, "ada")
				return err
			},
			"SaveInterview": func() error {
				_, err := w.SaveInterview(ctx, stranger, closed, diagnosis.Interview{Day: "2026-04-01"}, "ada", "Ada")
				return err
			},
			"DropInterview": func() error { return w.DropInterview(ctx, stranger, closed, interview, "ada") },
			"SaveNote":      func() error { return w.SaveNote(ctx, stranger, closed, interview, diagnosis.Note{Text: "x"}, "ada") },
			"DropNote":      func() error { return w.DropNote(ctx, stranger, closed, interview, "x", "ada") },
			"Evidence":      func() error { _, err := w.Evidence(ctx, stranger, closed); return err },
			"Draft": func() error {
				d := draft
				d.Instrument = instrument
				_, err := w.Draft(ctx, stranger, d, "Eve")
				return err
			},
		}
		for name, call := range notFound {
			if err := call(); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		nothing := map[string]func() error{
			"Diagnoses":   func() error { return seen(w.Diagnoses(ctx, stranger)) },
			"Decided":     func() error { return seen(w.Decided(ctx, stranger)) },
			"References":  func() error { return seen(w.References(ctx, stranger, "hpo")) },
			"Instruments": func() error { return seen(w.Instruments(ctx, stranger)) },
			"Change": func() error { // an update of no row says that it is frozen
				err := w.Change(ctx, stranger, draft)
				if fault.KindOf(err) == fault.Conflict {
					return nil
				}
				return errSeen
			},
			"Attributes": func() error { // its own people, 40 of them, not 80
				_, values, err := w.Attributes(ctx, stranger, day)
				if err == nil && values["level"] != 2 {
					err = errSeen
				}
				return err
			},
			"Forecast": func() error {
				f, err := w.Forecast(ctx, stranger, draft, nil)
				if err == nil && f.People != 40 {
					err = errSeen
				}
				return err
			},
		}
		in, err := w.CurrentInstrument(ctx, w.organisation)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.KeepKnowledge(ctx, w.organisation, in, "en", diagnosis.Knowledge{ID: "trust", Meaning: "Ours alone"}, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.DropKnowledge(ctx, stranger, in, "en", "trust", "Eve"); err != nil {
			t.Fatal(err)
		}
		if known, err := w.Knowledge(ctx, stranger, in, "en"); err != nil || known["trust"].Own || known["trust"].Meaning == "Ours alone" {
			t.Errorf("Knowledge: %+v, %v", known["trust"], err)
		}
		if known, err := w.Knowledge(ctx, w.organisation, in, "en"); err != nil || !known["trust"].Own || known["dialogue"].Own {
			t.Errorf("DropKnowledge: %+v, %v", known["trust"], err)
		}
		if err := w.KeepIntroduction(ctx, w.organisation, in, "en", "openness_action", []diagnosis.Step{{Minutes: 5, Text: "Ours alone"}}, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.DropIntroduction(ctx, stranger, in, "en", "openness_action", "Eve"); err != nil {
			t.Fatal(err)
		}
		if steps, own, err := w.Introduction(ctx, stranger, in, "en", "openness_action"); err != nil || own || len(steps) < 2 {
			t.Errorf("Introduction: %+v, %v", steps, err)
		}
		if steps, own, err := w.Introduction(ctx, w.organisation, in, "en", "openness_action"); err != nil || !own || len(steps) != 1 {
			t.Errorf("DropIntroduction: %+v, %v", steps, err)
		}
		if known, err := w.Knowledge(ctx, w.organisation, in, "en"); err != nil || len(known) != 35 {
			t.Errorf("%d characteristics beside an introduction, %v", len(known), err)
		}
		if err := w.Saw(ctx, stranger, closed, diagnosis.View{Account: "eve", Page: "units"}); err == nil {
			t.Error("Saw: another organisation's diagnosis is seen")
		}
		if err := w.Release(ctx, w.organisation, closed, diagnosis.ToManagers, "Ada"); err != nil {
			t.Fatal(err)
		}
		if all, err := w.Decided(ctx, w.organisation); err != nil || len(all) != 1 {
			t.Errorf("Decided: %v, %v", all, err)
		}
		for name, call := range nothing {
			if err := call(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		// These take no organisation: a secret names one diagnosis, a follower works
		// for all.
		without := []string{"Questionnaire", "Submit", "SubmitTo", "SaveDraftTo", "SaveDraft", "Mark", "CloseDue", "SendDue", "CanMakeLinks", "ByCode", "KeepInstrument", "KeepReference", "Election", "Vote", "Today", "Saw", "CurrentInstrument", "KeepKnowledge", "DropKnowledge", "Knowledge", "KeepIntroduction", "DropIntroduction", "Introduction"}
		for i := range reflect.TypeFor[*diagnosisdb.Store]().NumMethod() {
			name := reflect.TypeFor[*diagnosisdb.Store]().Method(i).Name
			known := notFound[name] != nil || nothing[name] != nil
			for _, n := range without {
				known = known || n == name
			}
			if !known {
				t.Errorf("%s is not in the table", name)
			}
		}
		// Nothing has changed.
		d, err := w.Diagnosis(ctx, w.organisation, draft.ID)
		if err != nil || d.State != diagnosis.Draft {
			t.Errorf("the draft is %s, %v", d.State, err)
		}
		r, err := w.Response(ctx, w.organisation, id)
		if err != nil || r.Groups[0].Answered != 20 {
			t.Errorf("the answers are %+v, %v", r.Groups[0], err)
		}
	})
}
