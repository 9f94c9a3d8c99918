package demo

import (
	"context"
	"fmt"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/period"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy/strategydb"
	"throughline/internal/transition/transitiondb"
)

// Slug is the retailer's short name.
const Slug = "noord"

// Zone is whose clock the retailer goes by.
const Zone = "Europe/Amsterdam"

// Stores are where an organisation is loaded into. Their clocks are not read.
type Stores struct {
	Org        orgdb.Store
	Diagnosis  *diagnosisdb.Store
	Transition *transitiondb.Store
	Strategy   strategydb.Store
	Learning   learningdb.Store
	Impact     impactdb.Store
}

// Loaded says what stands in the stores and how to come in.
type Loaded struct {
	Organisation string // id
	First        string // id of the first diagnosis
	Diagnosis    string // id of the second, eighteen months later
	Pulse        string // id of the diagnosis that is open
	SignIns      []SignIn
	Respondent   string // name of somebody who has not answered the pulse
	Secret       string // of that person's link
}

// SignIn is an account and the role for which it was made.
type SignIn struct {
	Role    org.Role
	Name    string
	Mail    string
	Account string // id
}

// pulseAnswers is how many people have answered the pulse.
const pulseAnswers = 300

// The calendar of the demo, in days from now: a diagnosis's from the roster that it asks.
const (
	firstRoster  = -700
	secondRoster = -150 // eighteen months later
	drafted      = 7
	opened       = 14
	closed       = 35
	interviews   = 42
	workshop     = 52
	pulseOpened  = -6
	pulseCloses  = 15
)

// loading is a load under way.
type loading struct {
	Stores
	o            *Organisation
	now          time.Time
	organisation string
	roster       period.Day // the newest
	in           *diagnosis.Instrument
	signIns      []SignIn
	initiative   map[effort.Kind]string // ids of initiatives, by the kind of work
	shops        []shop                 // the stores, with what initiatives add to their figures
	rolled       []rolledOut
	unitID       map[string]string // of the newest roster, by key
	joint        map[string]int    // month in which the first two initiatives begin, by country
	byTime       map[time.Time]*transitiondb.Store
}

// Load puts the organisation into the stores as if it had been there for two years: the
// roster of each wave, an account for each role, two diagnoses that are closed and
// reported, eighteen months apart, with interviews, with the focal points chosen after each, and a pulse that is open. It uses the doors that
// everybody uses, with the clock set to each step. A slug that is taken is a
// conflict, and changes nothing; any other mistake leaves what was done before it.
func Load(ctx context.Context, s Stores, o *Organisation, now time.Time) (Loaded, error) {
	l, err := begin(ctx, s, o, now)
	if err != nil {
		return Loaded{}, err
	}
	done := Loaded{Organisation: l.organisation}
	if done.First, err = l.diagnosis(ctx, 1, firstRoster); err != nil {
		return done, fmt.Errorf("the demo's first diagnosis: %w", err)
	}
	if err := l.choose(ctx, 1, done.First, l.day(firstRoster+workshop)); err != nil {
		return done, fmt.Errorf("the demo's first focal points: %w", err)
	}
	leaders, err := l.leaders(ctx, done.First)
	if err != nil {
		return done, fmt.Errorf("the demo's leaders: %w", err)
	}
	if err := l.people(ctx, 2, secondRoster); err != nil {
		return done, fmt.Errorf("the demo's second roster: %w", err)
	}
	if done.Diagnosis, err = l.diagnosis(ctx, 2, secondRoster); err != nil {
		return done, fmt.Errorf("the demo's second diagnosis: %w", err)
	}
	if err := l.interview(ctx, done.Diagnosis, l.day(secondRoster+interviews)); err != nil {
		return done, fmt.Errorf("the demo's interviews: %w", err)
	}
	if err := l.group(ctx, done.Diagnosis); err != nil {
		return done, fmt.Errorf("the demo's comments: %w", err)
	}
	if err := l.choose(ctx, 2, done.Diagnosis, l.day(secondRoster+workshop)); err != nil {
		return done, fmt.Errorf("the demo's second focal points: %w", err)
	}
	if err := l.renew(ctx, leaders, done.Diagnosis); err != nil {
		return done, fmt.Errorf("the demo's leaders after the second diagnosis: %w", err)
	}
	if err := l.indicators(ctx); err != nil {
		return done, fmt.Errorf("the demo's indicators: %w", err)
	}
	if err := l.goals(ctx); err != nil {
		return done, fmt.Errorf("the demo's goals: %w", err)
	}
	if err := l.learning(ctx); err != nil {
		return done, fmt.Errorf("the demo's learning: %w", err)
	}
	if err := l.efforts(ctx); err != nil {
		return done, fmt.Errorf("the demo's ledger: %w", err)
	}
	if err := l.effects(ctx); err != nil {
		return done, fmt.Errorf("the demo's effects: %w", err)
	}
	if err := l.involved(ctx); err != nil {
		return done, fmt.Errorf("the demo's acts of executives: %w", err)
	}
	if err := l.profiled(ctx); err != nil {
		return done, fmt.Errorf("the demo's profile: %w", err)
	}
	if err := l.pulse(ctx, &done); err != nil {
		return done, fmt.Errorf("the demo's pulse: %w", err)
	}
	done.SignIns = l.signIns
	return done, nil
}

// begin founds an organisation.
func begin(ctx context.Context, s Stores, o *Organisation, now time.Time) (*loading, error) {
	in, err := diagnosis.ReadInstrument(diagnosis.HPOFile)
	if err != nil {
		return nil, err
	}
	l := &loading{Stores: s, o: o, now: now.In(period.Zone(o.zone)), in: in}
	if err := l.found(ctx); err != nil {
		return nil, fmt.Errorf("founding the demo organisation: %w", err)
	}
	return l, nil
}

// day is nine o'clock of a day of the calendar.
func (l *loading) day(days int) time.Time {
	t := l.now.AddDate(0, 0, days)
	return time.Date(t.Year(), t.Month(), t.Day(), 9, 0, 0, 0, t.Location())
}

// at is the diagnosis store with its clock set.
func (l *loading) at(t time.Time) *diagnosisdb.Store {
	return &diagnosisdb.Store{DB: l.Diagnosis.DB, Org: l.orgAt(t), Keys: l.Diagnosis.Keys, Now: func() time.Time { return t }}
}

func (l *loading) orgAt(t time.Time) orgdb.Store {
	return orgdb.Store{DB: l.Org.DB, Now: func() time.Time { return t }}
}

// found makes the organisation with its roster and its accounts.
func (l *loading) found(ctx context.Context) (err error) {
	store, staff := l.orgAt(l.day(l.o.first[0])), l.o.staff()
	admin := staff[org.Administrator]
	l.organisation, err = store.CreateOrganisation(ctx,
		org.Organisation{Slug: l.o.slug, Name: l.o.name, Language: "en", Simulated: true, Zone: l.o.zone}, accountOf(admin))
	if err != nil {
		return err
	}
	if err := l.people(ctx, 1, l.o.first[0]); err != nil {
		return err
	}
	own := effort.Usual
	own.Currency = l.currency()
	if err := (effortdb.Store{DB: store.DB, Now: store.Now}).SaveSetting(ctx, l.organisation, own, admin.Name); err != nil {
		return err
	}
	return l.accounts(ctx, store, staff)
}

// people imports the roster of a wave.
func (l *loading) people(ctx context.Context, wave, day int) error {
	l.roster = period.DayOf(l.day(day))
	_, err := l.orgAt(l.day(day)).ImportRoster(ctx, l.organisation,
		orgdb.Roster{Day: l.roster, Map: l.o.Map(), Sources: l.o.Sources(wave), By: l.o.staff()[org.Administrator].Name})
	return err
}

// diagnosis runs that of a wave from draft to report.
func (l *loading) diagnosis(ctx context.Context, wave, day int) (id string, err error) {
	opens, closes := l.day(day+opened), l.day(day+closed)
	d := diagnosis.Diagnosis{
		Name: season(opens), RosterDay: l.roster, Opens: opens, Closes: closes,
		Setup: diagnosis.Setup{
			Minimum: l.in.MinimumGroup, Attributes: l.o.reported(),
			Crossings: []diagnosis.Crossing{{Units: true, Depth: 2, Attributes: []string{diagnosisdb.Level}}},
		},
	}
	if id, err = l.open(ctx, d, l.day(day+drafted)); err != nil {
		return id, err
	}
	answers, err := l.packed(wave, len(l.o.People(wave)), "")
	if err != nil {
		return id, err
	}
	if err := l.at(l.day(day+(opened+closed)/2)).ImportAnswers(ctx, l.organisation, id, l.lead(), answers); err != nil {
		return id, err
	}
	if err := l.at(closes).Close(ctx, l.organisation, id, org.By{Name: l.lead()}, nil); err != nil {
		return id, err
	}
	for i, to := range []diagnosis.Release{diagnosis.ToExecutives, diagnosis.ToManagers, diagnosis.ToEveryone} {
		if err := l.at(l.day(day+closed+2+3*i)).Release(ctx, l.organisation, id, to, l.lead()); err != nil {
			return id, err
		}
	}
	return id, nil
}

// pulse opens the one that is open now, with some answers, and finds the link of
// the employee who can sign in and has not answered.
func (l *loading) pulse(ctx context.Context, done *Loaded) (err error) {
	opens := l.day(pulseOpened)
	d := diagnosis.Diagnosis{
		Name: "Pulse " + opens.Format("January 2006"), RosterDay: l.roster, Opens: opens, Closes: l.day(pulseCloses),
		Setup: diagnosis.Setup{Minimum: l.in.MinimumGroup, Attributes: []string{diagnosisdb.Country}},
	}
	if done.Pulse, err = l.open(ctx, d, opens.AddDate(0, 0, -2)); err != nil {
		return err
	}
	respondent := l.o.staff()[org.Employee]
	answers, err := l.packed(Waves, min(pulseAnswers, len(l.o.People(Waves))/4), respondent.Key)
	if err != nil {
		return err
	}
	if err := l.at(l.now).ImportAnswers(ctx, l.organisation, done.Pulse, l.lead(), answers); err != nil {
		return err
	}
	done.Respondent = respondent.Name
	return l.at(l.now).Links(ctx, l.organisation, done.Pulse, func(link diagnosisdb.PersonalLink) error {
		if link.Key == respondent.Key {
			done.Secret = link.Secret
		}
		return nil
	})
}

func (l *loading) open(ctx context.Context, d diagnosis.Diagnosis, drafted time.Time) (id string, err error) {
	if id, err = l.at(drafted).Draft(ctx, l.organisation, d, l.lead()); err != nil {
		return id, err
	}
	return id, l.at(d.Opens).Open(ctx, l.organisation, id, org.By{Name: l.lead()})
}

// packed are the answers of n people of a wave spread over the organisation, or of as many
// as answer; except says whose to leave out.
func (l *loading) packed(wave, n int, except string) (answers []diagnosis.Imported, err error) {
	for key, given := range l.o.Answers(l.in, wave) {
		if key == except {
			continue
		}
		row, err := l.in.Pack(given)
		if err != nil {
			return nil, err
		}
		answers = append(answers, diagnosis.Imported{Person: key, Packed: row, Comments: l.o.comments(l.in, key, wave, given), Code: l.o.code(key)})
	}
	if n < len(answers) {
		l.o.rand("pulse").Shuffle(len(answers), func(i, j int) { answers[i], answers[j] = answers[j], answers[i] })
		answers = answers[:n]
	}
	return answers, nil
}

// season names a diagnosis by when it opens: "Spring 2026".
func season(t time.Time) string {
	name := [...]string{"Winter", "Spring", "Summer", "Autumn"}[int(t.Month())%12/3]
	return fmt.Sprintf("%s %d", name, t.Year())
}
