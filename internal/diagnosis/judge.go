package diagnosis

import (
	"fmt"
	"math"
	"slices"
)

// Keeping is how a promise stands after the next diagnosis.
type Keeping string

const (
	PromiseKept    Keeping = "kept"       // clearly up, by what was promised or more
	PromisePartly  Keeping = "partly"     // clearly up, by less
	PromiseNotKept Keeping = "not kept"   // no clear change
	PromiseTurned  Keeping = "went down"  // clearly down
	NoPromise      Keeping = "no promise" // nothing was promised; Change says what moved
	PromiseUnknown Keeping = "cannot tell"
)

// Judgement is what became of what was promised of some characteristics together.
type Judgement struct {
	Change
	Promise float64 `json:"promise"` // points
	Keeping Keeping `json:"kept"`
}

// FocalJudgement is what became of a focal point and of each of its recommendations.
type FocalJudgement struct {
	Focal  FocalPoint      `json:"focal_point"`
	Whole  Judgement       `json:"whole"`
	Advice []Judgement     `json:"recommendations"` // in the focal point's order
	Units  []UnitJudgement `json:"units"`           // those right below the whole
}

// UnitJudgement is what became of a focal point's characteristics in a unit.
type UnitJudgement struct {
	Unit int32 `json:"unit"`
	Change
}

// Judged is what became of the focal points of an earlier diagnosis.
type Judged struct {
	Focal  []FocalJudgement `json:"focal_points"`
	Others *float64         `json:"others"` // mean change of the characteristics that no focal point is about
}

// Judge judges the focal points of an earlier wave on the published figures of both. The
// mean of several characteristics is compared with a standard error that is the mean of
// theirs: it is no smaller, however they hang together. The p values of all that is judged
// over the whole are adjusted together, and those over units together.
func (in *Instrument) Judge(focal []FocalPoint, then, now *Report, merged map[string]string, years float64) Judged {
	c := comparer{in: in, then: then, now: now, years: years}
	var j Judged
	var family, units []*Change
	wholes, origins := []*ReportGroup{&then.Groups[0]}, c.origins(merged)
	for _, f := range focal {
		one := FocalJudgement{Focal: f, Whole: Judgement{Promise: f.Promise, Change: c.themes(wholes, &now.Groups[0], f.Items)}}
		for _, r := range f.Recommendations {
			one.Advice = append(one.Advice, Judgement{Promise: r.Promise, Change: c.themes(wholes, &now.Groups[0], r.About(f))})
		}
		for u, was := range origins {
			if now.Units[u].Parent == 0 {
				one.Units = append(one.Units, UnitJudgement{int32(u), c.themes(was.then, was.now, f.Items)})
			}
		}
		j.Focal = append(j.Focal, one)
	}
	for i := range j.Focal {
		f := &j.Focal[i]
		family = append(family, &f.Whole.Change)
		for a := range f.Advice {
			family = append(family, &f.Advice[a].Change)
		}
		for u := range f.Units {
			units = append(units, &f.Units[u].Change)
		}
	}
	settle(family)
	settle(units)
	for i := range j.Focal {
		f := &j.Focal[i]
		f.Whole.judge()
		for a := range f.Advice {
			f.Advice[a].judge()
		}
	}
	j.Others = c.others(focal)
	return j
}

// Asked are characteristics whose movement together is asked for in a unit, by its id.
type Asked struct {
	Unit  string
	Items []string
}

// Moved is what became of them, in the smallest unit on the way up from the one asked for of which
// both waves show them; CannotTell in the whole where none does.
type Moved struct {
	Unit int32 // of the present wave
	Change
}

// Moved compares the means of some characteristics in some units with those of an earlier wave. The
// p values of all that is asked are adjusted together, what is asked twice once.
func (in *Instrument) Moved(asked []Asked, then, now *Report, merged map[string]string, years float64) []Moved {
	c := comparer{in: in, then: then, now: now, years: years}
	origins, index := c.origins(merged), now.Index()
	all, same, family := make([]*Moved, len(asked)), map[string]*Moved{}, []*Change{}
	for i, a := range asked {
		at, known := index[a.Unit]
		if !known {
			at = 0
		}
		var one Moved
		for u := at; ; u = now.Units[u].Parent {
			was := origins[u]
			if u == 0 {
				was.then, was.now = []*ReportGroup{&then.Groups[0]}, &now.Groups[0]
			}
			one = Moved{u, c.themes(was.then, was.now, a.Items)}
			if one.Diff != nil || u == 0 {
				break
			}
		}
		key := fmt.Sprint(one.Unit, a.Items)
		if same[key] == nil {
			same[key] = &one
			family = append(family, &one.Change)
		}
		all[i] = same[key]
	}
	settle(family)
	moved := make([]Moved, len(all))
	for i, one := range all {
		moved[i] = *one
	}
	return moved
}

// About lists the characteristics that a recommendation of a focal point is about.
func (r Recommendation) About(f FocalPoint) []string {
	if len(r.Items) > 0 {
		return r.Items
	}
	return f.Items
}

// themes compares the mean of some characteristics.
func (c comparer) themes(then []*ReportGroup, now *ReportGroup, ids []string) Change {
	one := Change{Movement: CannotTell}
	a, was := c.theme(then, ids)
	b, is := c.theme([]*ReportGroup{now}, ids)
	if was {
		one.Then = &a.Mean
	}
	if is {
		one.Now = &b.Mean
	}
	c.difference(&one)
	c.test(&one, a, b)
	return one
}

// theme is the mean of some characteristics in parts of a whole; not ok where one is not
// shown.
func (c comparer) theme(parts []*ReportGroup, ids []string) (all measured, ok bool) {
	items := c.in.Items()
	all.wide, all.N = true, math.Inf(1)
	se := 0.0
	for _, id := range ids {
		at := slices.IndexFunc(items, func(it PlacedItem) bool { return it.ID == id })
		if at < 0 {
			return all, false
		}
		m, ok := c.together(parts, len(c.in.Factors)+at)
		if !ok {
			return all, false
		}
		all.Mean += m.Mean / float64(len(ids))
		if all.wide = all.wide && m.wide; all.wide {
			se += m.SD / math.Sqrt(m.N) / float64(len(ids))
			all.N = min(all.N, m.N)
		}
	}
	all.SD = se * math.Sqrt(all.N)
	return all, len(ids) > 0
}

// judge says how a promise stands.
func (j *Judgement) judge() { j.Keeping = j.Change.Keeps(j.Promise) }

// Keeps says how a promise of so many points stands. A rise that is clear and as large as what was promised
// keeps it, be it ever so small.
func (c Change) Keeps(promise float64) Keeping {
	sure := c.Adjusted != nil && *c.Adjusted <= falseRate
	switch {
	case c.Movement == CannotTell:
		return PromiseUnknown
	case promise == 0:
		return NoPromise
	case sure && *c.Diff < 0:
		return PromiseTurned
	case !sure:
		return PromiseNotKept
	case *c.Diff >= promise-rounding:
		return PromiseKept
	}
	return PromisePartly
}

// others is the mean change of the characteristics that no focal point is about.
func (c comparer) others(focal []FocalPoint) *float64 {
	sum, n := 0.0, 0
	for i, it := range c.in.Items() {
		about := slices.ContainsFunc(focal, func(f FocalPoint) bool { return slices.Contains(f.Items, it.ID) })
		then, now := c.then.Groups[0].score(len(c.in.Factors)+i), c.now.Groups[0].score(len(c.in.Factors)+i)
		if it.Factor >= 0 && !about && then != nil && now != nil {
			sum, n = sum+now.Mean-then.Mean, n+1
		}
	}
	if n == 0 {
		return nil
	}
	mean := sum / float64(n)
	return &mean
}
