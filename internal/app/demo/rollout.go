package demo

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/impact"
	"throughline/internal/kit/period"
)

// rolledOut is an initiative of the retailer and what is planted of it in one indicator: who starts
// when, and how much it adds in the months since.
type rolledOut struct {
	Name, Note   string
	Kind         effort.Kind
	Order        effort.Order
	Reason       string
	Known        int    // months before the first start from which on the order was known
	Outcome      string // key of the indicator
	Worth        float64
	Percent      bool // it is told in per cent
	Anticipation int
	Scope        string                  // key of the unit under which stores are compared; "" is the whole
	Together     impact.Cluster          // "" is each store
	Starts       map[string]int          // month of the observed ones, by key of the store
	Adds         func(since int) float64 // in the indicator's measure
	Hours, Cost  float64                 // of a store in a month
	Modality     effort.Modality         // of learning
	Goal         string                  // name of a goal that it serves
	Focal        string                  // part of the theme of a focal point that it serves
}

// The months in which the retailer's initiatives begin, of the 36 that are observed.
const (
	lotFirst, lotSecond       = 4, 8
	needFirst, needSecond     = 12, 16
	needJudged                = 9 // the first of the three months by which need was judged
	talkFirst, talkSecond     = 20, 24
	talkThird                 = 28
	bonusFirst, bonusSecond   = 22, 26
	onlineFirst, onlineSecond = 24, 28
)

// The countries in which the roll-outs reach stores. The retailer's first two initiatives begin in
// others, together.
var (
	talking = []string{"ES", "FR", "GB", "PL"}
	paid    = "DE"
	taught  = "NL"
)

// rollOut reads where the first two initiatives begin, and says who starts when with the others.
func (l *loading) rollOut(ctx context.Context, all []measured) error {
	initiatives, err := effortdb.Store{DB: l.Org.DB, Now: func() time.Time { return l.now }}.Initiatives(ctx, l.organisation)
	if err != nil {
		return err
	}
	units, err := l.Strategy.Units(ctx, l.organisation)
	if err != nil {
		return err
	}
	l.unitID = map[string]string{}
	for _, u := range units.Units {
		l.unitID[u.Key] = u.ID
	}
	l.joint = map[string]int{}
	for _, i := range initiatives {
		for _, s := range i.Starts {
			l.joint[s.Ref.Key] = period.Of(s.Day, period.Monthly).Number() - l.first().Number()
		}
	}
	l.shops = l.stores()
	l.rolled = l.rollOuts(l.shops, all)
	for n := range l.shops {
		s := l.shops[n]
		l.shops[n].added = func(key string, month period.Period) float64 {
			return l.added(l.rolled, key, s, month.Number()-l.first().Number())
		}
	}
	return nil
}

// rollOuts are the retailer's, with who starts when. The needy are those with the lowest mean of
// three months, so that some were low by chance alone. Countries are apart where what they share from
// month to month would else look like an effect.
func (l *loading) rollOuts(stores []shop, all []measured) []rolledOut {
	lot, talks, bonus, online := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	drawn := impact.RollOut{Groups: 2, Rest: true, Seed: l.o.seed}
	var strata []string
	for _, s := range stores {
		strata = append(strata, s.Country)
	}
	for n, group := range drawn.Draw(strata) {
		if group >= 0 {
			lot[stores[n].Key] = []int{lotFirst, lotSecond}[group]
		}
	}
	for n, s := range stores {
		region := int(s.Parent[len(s.Parent)-1]-'0') + int(s.Country[0])
		switch {
		case slices.Contains(talking, s.Country):
			put(talks, s.Key, region, talkFirst, talkSecond, talkThird, impact.Never)
		case s.Country == paid:
			put(bonus, s.Key, n, bonusFirst, bonusSecond, impact.Never)
		case s.Country == taught:
			put(online, s.Key, n, onlineFirst, onlineSecond, impact.Never)
		}
	}
	return []rolledOut{
		{Name: "Shift planning by the team", Note: "The team makes its own roster, four weeks ahead.", Kind: effort.ProcessAnalysis, Order: effort.ByLot, Reason: "Drawn before the works council, two of three stores in each country.", Known: 2,
			Outcome: "absence", Worth: 0.2, Starts: lot, Adds: func(int) float64 { return -0.5 }, Goal: stay, Hours: 12, Cost: 90},
		{Name: "Coaching at the tills", Note: "A coach stands beside, two mornings a week.", Kind: effort.Coaching, Order: effort.ByNeed, Reason: "The stores in which fewest customers were served in time in three months.", Known: needFirst - needJudged,
			Outcome: "served-in-time", Worth: 0.5, Percent: true, Anticipation: needFirst - needJudged, Scope: taught, Starts: l.needy(stores, all), Adds: func(int) float64 { return 1.8 }, Goal: fast, Focal: "Fewer steps", Hours: 30, Cost: 260},
		{Name: "Dialogue sessions", Note: "An hour each fortnight in which people and store managers talk about the work.", Kind: effort.Learning, Order: effort.ByConvenience, Reason: "Region by region, as trainers came free.", Known: 3,
			Outcome: "customer-satisfaction", Worth: 0.5, Together: impact.UnitAbove, Starts: talks, Adds: func(since int) float64 { return math.Min(0.6+0.2*float64(since), 2.2) }, Hours: 24, Cost: 310, Modality: effort.PracticeAtWork, Goal: comeBack, Focal: "ialogue"},
		{Name: "Product knowledge online", Note: "Twenty short lessons on what is on the shelves.", Kind: effort.Learning, Order: effort.ByConvenience, Reason: "Where the tablets had come.", Known: 2,
			Outcome: "customer-satisfaction", Worth: 1, Scope: taught, Starts: online, Adds: func(int) float64 { return 0 }, Hours: 6, Cost: 150, Modality: effort.SelfPaced, Goal: comeBack},
		{Name: "Bonus on sales", Note: "A share of what a store sells above its plan.", Kind: effort.Incentives, Order: effort.ByConvenience, Reason: "Region by region.", Known: 3,
			Outcome: "turnover", Worth: 1, Scope: paid, Starts: bonus, Adds: func(int) float64 { return 3 }, Goal: earnMore, Cost: 700},
	}
}

func put(starts map[string]int, store string, n int, months ...int) {
	if month := months[n%len(months)]; month != impact.Never {
		starts[store] = month
	}
}

// needy are the stores that did worst in three months, the worst first, in one country.
func (l *loading) needy(stores []shop, all []measured) map[string]int {
	type asked struct {
		key  string
		mean float64
	}
	var list []asked
	for _, s := range stores {
		if s.Country != taught {
			continue
		}
		one := asked{key: s.Key}
		for n := range 3 {
			one.mean += s.figures(all, l.first(), l.first().Add(needJudged+n))["served-in-time"].value
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b asked) int { return cmp.Or(cmp.Compare(a.mean, b.mean), strings.Compare(a.key, b.key)) })
	starts := map[string]int{}
	for n, one := range list[:len(list)/2] {
		starts[one.key] = needFirst
		if n >= len(list)/4 {
			starts[one.key] = needSecond
		}
	}
	return starts
}

// together is what the retailer's first two initiatives, which begin in the same places within weeks,
// take off goods lost: nobody can tell which of the two did.
const together = -0.15

// added is what initiatives add to a figure of a store in a month of the observed ones.
func (l *loading) added(rolled []rolledOut, key string, s shop, month int) (sum float64) {
	for _, r := range rolled {
		if start, there := r.Starts[s.Key]; there && r.Outcome == key && month >= start {
			sum += r.Adds(month - start)
		}
	}
	if start, there := l.joint[s.Country]; there && key == "goods-lost" && month >= start {
		sum += together
	}
	return sum
}

// planted is the average that a roll-out adds over all months of stores since each one started: what an
// estimate should find.
func (r rolledOut) planted(months int) float64 {
	sum, n := 0.0, 0.0
	for _, start := range r.Starts {
		for month := start; month < months; month++ {
			sum += r.Adds(month - start)
			n++
		}
	}
	return sum / n
}

// month is one of the observed months.
func (l *loading) month(n int) period.Period { return l.first().Add(n) }
