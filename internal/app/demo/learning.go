package demo

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/period"
	"throughline/internal/kit/yaml"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

//go:embed learning.yaml
var learningFile []byte

// skills is what learning.yaml holds.
type skills struct {
	Framework struct {
		Name   string           `yaml:"name"`
		Note   string           `yaml:"note"`
		Levels []learning.Level `yaml:"levels"`
	} `yaml:"framework"`
	Competencies []struct {
		Key    string `yaml:"key"`
		Name   string `yaml:"name"`
		Note   string `yaml:"note"`
		Parent string `yaml:"parent"`
	} `yaml:"competencies"`
	Roles []struct {
		Name      string   `yaml:"name"`
		Levels    []string `yaml:"levels"`
		Workplace string   `yaml:"workplace"`
		Requires  []string `yaml:"requires"` // "till 3!": a competency, its level, and ! for essential
		Results   []struct {
			What      string   `yaml:"what"`
			Good      string   `yaml:"good"`
			Indicator string   `yaml:"indicator"` // key
			Of        []string `yaml:"of"`
		} `yaml:"results"`
	} `yaml:"roles"`
	Resources []struct {
		Key      string   `yaml:"key"`
		Name     string   `yaml:"name"`
		Note     string   `yaml:"note"`
		Modality string   `yaml:"modality"`
		Hours    float64  `yaml:"hours"`
		Price    float64  `yaml:"price"` // in euros
		Provider string   `yaml:"provider"`
		Capacity int      `yaml:"capacity"`
		Approved bool     `yaml:"approved"`
		For      []string `yaml:"for"`  // "till 3": a competency and the level to which it brings somebody
		Goal     string   `yaml:"goal"` // name of one of the whole
		Needs    []string `yaml:"needs"`
		Touches  []string `yaml:"touches"` // characteristics
	} `yaml:"resources"`
	Priorities []struct {
		Unit         string   `yaml:"unit"` // key
		Name         string   `yaml:"name"`
		Why          string   `yaml:"why"`
		Goal         string   `yaml:"goal"`
		Competencies []string `yaml:"competencies"`
		Resources    []string `yaml:"resources"`
		Solutions    []string `yaml:"solutions"` // "kind: what"
		Hours        int      `yaml:"hours"`
		Budget       int64    `yaml:"budget"` // in euros
		Owner        string   `yaml:"owner"`  // a role
		Signed       string   `yaml:"signed"` // both, or learning
	} `yaml:"priorities"`
}

// learns is learning being filled in.
type learns struct {
	*loading
	store        learningdb.Store
	skills       skills
	competencies map[string]string // id by key
	indicators   map[string]string // id by key
	resources    map[string]string // id by key
	goals        map[string]string // id of those of the whole, by name
	by           string
}

// learning fills in what people need to be able to do, and how those around the demo's employee see it.
func (l *loading) learning(ctx context.Context) error {
	s := learns{loading: l, by: l.o.staff()[org.HeadOfLearning].Name, competencies: map[string]string{}, indicators: map[string]string{}, resources: map[string]string{}, goals: map[string]string{}}
	if err := yaml.Decode(learningFile, &s.skills); err != nil {
		return err
	}
	s.store = s.then(l.day(firstRoster + 120))
	if err := s.catalogue(ctx); err != nil {
		return err
	}
	if err := s.roles(ctx); err != nil {
		return err
	}
	if err := s.rated(ctx); err != nil {
		return err
	}
	if err := s.offer(ctx); err != nil {
		return err
	}
	if err := s.schedule(ctx); err != nil {
		return err
	}
	if err := s.plan(ctx); err != nil {
		return err
	}
	if err := s.ask(ctx); err != nil {
		return err
	}
	return s.passed(ctx)
}

// then is the store with its clock set.
func (s learns) then(t time.Time) learningdb.Store {
	store := s.Learning
	store.Org, store.Now = s.orgAt(t), func() time.Time { return t }
	return store
}

func (s *learns) catalogue(ctx context.Context) error {
	c := learningdb.Catalogue{Source: "skills.xlsx", By: s.by}
	c.Framework = learning.Framework{Name: s.skills.Framework.Name, Note: s.skills.Framework.Note, Language: "en", Levels: s.skills.Framework.Levels}
	for n, one := range s.skills.Competencies {
		c.Items = append(c.Items, learning.CatalogueItem{Line: n + 2, Key: one.Key, Name: one.Name, Note: one.Note, Parent: one.Parent})
	}
	if _, err := s.store.Import(ctx, s.organisation, c); err != nil {
		return err
	}
	all, err := s.store.Competencies(ctx, s.organisation, learningdb.CompetencyQuery{})
	for _, one := range all {
		s.competencies[one.Key] = one.ID
	}
	return err
}

func (s *learns) roles(ctx context.Context) error {
	indicators, err := s.Strategy.Indicators(ctx, s.organisation)
	if err != nil {
		return err
	}
	for _, i := range indicators {
		s.indicators[i.Key] = i.ID
	}
	for _, one := range s.skills.Roles {
		r := learning.Role{Name: one.Name, Rule: learning.HolderRule{Attribute: Workplace, Values: []string{one.Workplace}}}
		for _, level := range one.Levels {
			r.Rule.Levels = append(r.Rule.Levels, org.Level(level))
		}
		id, err := s.store.SaveRole(ctx, s.organisation, r, s.by)
		if err != nil {
			return err
		}
		for _, text := range one.Requires {
			q := learning.Requirement{Essential: strings.HasSuffix(text, "!")}
			key := ""
			if _, err := fmt.Sscanf(strings.TrimSuffix(text, "!"), "%s %d", &key, &q.Level); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
			q.Competency = s.competencies[key]
			if err := s.store.Require(ctx, s.organisation, id, q, s.by); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
		}
		for _, made := range one.Results {
			result := learning.Result{What: made.What, Good: made.Good, Indicator: s.indicators[made.Indicator]}
			for _, key := range made.Of {
				result.Competencies = append(result.Competencies, s.competencies[key])
			}
			if err := s.store.Produce(ctx, s.organisation, id, result, s.by); err != nil {
				return err
			}
		}
	}
	return nil
}

// rated gives those who work with the demo's employee ratings: their own, those of their manager, who
// sees some things otherwise, and of some an assessment. Some competencies nobody has rated.
func (s *learns) rated(ctx context.Context) error {
	employee, today := s.o.staff()[org.Employee], period.DayOf(s.now)
	self, err := s.Org.PersonByKey(ctx, s.organisation, employee.Key, today)
	if err != nil {
		return err
	}
	people, err := s.then(s.now).Reports(ctx, s.organisation, self.Manager.Key)
	if err != nil {
		return err
	}
	for _, p := range people {
		rng := s.o.rand("ratings", p.Person.Key)
		for _, g := range p.Gaps {
			if rng.Float64() < .15 {
				continue
			}
			own := max(0, min(4, g.Required-1+rng.IntN(3)))
			seen := max(0, min(4, own-rng.IntN(2)))
			given := []learning.Rating{{Level: own, RatedBy: learning.BySelf, By: p.Person.Title()}, {Level: seen, RatedBy: learning.ByManager, By: self.Manager.Name}}
			if g.Competency == s.competencies["safety"] {
				given = append(given, learning.Rating{Level: min(4, g.Required), RatedBy: learning.ByAssessment, By: self.Manager.Name, Note: "Safety test of the depot"})
			}
			for n, r := range given {
				r.Person, r.Competency = p.Person.ID, g.Competency
				r.Day = period.DayOf(s.day(-90 + 20*n - rng.IntN(15)))
				given[n] = r
			}
			if p.Person.Key != employee.Key && rng.Float64() < .4 {
				given = slices.Delete(given, 1, 2)
			}
			if err := s.then(s.day(-30)).Rate(ctx, s.organisation, given...); err != nil {
				return err
			}
		}
	}
	return nil
}
