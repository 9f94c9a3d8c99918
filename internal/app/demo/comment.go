package demo

import (
	"math/rand/v2"
	"slices"
	"strconv"

	"throughline/internal/diagnosis"
)

// writes is how many of those who answer write something at an open question.
const writes = 0.14

// What people write about a characteristic: at their highest, and at their lowest.
var remarks = map[string][2][]string{
	"trust":                  {{"I can rely on what my manager says.", "There is trust in our team, also on bad days."}, {"Say what you will do, and then do it.", "I often hear decisions from others before my manager tells us."}},
	"integrity":              {{"Managers here keep their word."}, {"Rules should hold for everybody, also for managers."}},
	"dialogue":               {{"The Monday talk with the whole team. Please keep it.", "My manager asks what I think, and listens."}, {"Talk with us, not only about the figures.", "We hear what is decided. Nobody asks us before.", "A real conversation once a month would do more than ten newsletters."}},
	"involvement":            {{"We may try our own ideas on the shop floor."}, {"Ask the people at the till before you change the till.", "Involve us before the decision, not after it."}},
	"non_performance":        {{"Problems are named and solved."}, {"Somebody who does nothing for months should hear it.", "The same colleagues always clean up after the same others."}},
	"decision_speed":         {{"Decisions come quickly."}, {"It takes months until somebody decides.", "Every small thing has to go to the head office."}},
	"coaching":               {{"My team leader helps me get better at my work."}, {"I would like to be shown how, not only told that it was wrong."}},
	"process_alignment":      {{"The new delivery schedule works well with the depot."}, {"The depot and the stores should plan together.", "We type the same data into three systems."}},
	"process_simplification": {{"Fewer forms than last year. Go on like this."}, {"Half of the forms could go.", "Too many steps to order one new shelf."}},
	"process_improvement":    {{"When something goes wrong we look for the cause."}, {"The same fault every week, and nobody has time to solve it."}},
	"sharing_figures":        {{"The board with our figures near the canteen."}, {"We never see how our store is doing.", "Figures stay with the managers."}},
	"measuring":              {{"We know every week where we stand."}, {"Measure what customers say, not only how fast we scan."}},
	"resilience":             {{"We help each other when it gets busy."}, {"With two people ill the whole week falls apart."}},
	"complementary":          {{"A mixed team: old and young, and it works."}, {"We need people who can do other things than we can."}},
	"partnerships":           {{"The suppliers think along with us."}, {"Suppliers change more often than the season."}},
	"customer_service":       {{"Customers come first here, really."}, {"Give us time for customers again."}},
	"safe_workplace":         {{"I feel safe to say what I see."}, {"Saying what goes wrong is not always safe here."}},
	"offer_renewal":          {{"We are often the first with something new."}, {"Our range looks the same as five years ago."}},
	"core_competences":       {{"We are good at fresh food, and keep getting better."}, {"What are we the best at? I could not say it."}},
}

var anyhow = [2][]string{
	{"The colleagues.", "My team, and the hours that fit my family.", "The atmosphere in the store."},
	{"More people on Saturday.", "The planning: known earlier, and changed less.", "Better scanners.", "The break room."},
}

// comments are what somebody writes who has given these answers: about what is best
// and what is worst to that person.
func (o *Organisation) comments(in *diagnosis.Instrument, key string, wave int, given map[string]string) []diagnosis.Comment {
	rng := o.rand("comments", key, strconv.Itoa(wave))
	texts := map[string]string{}
	for q := range min(len(in.Questions), 2) {
		if rng.Float64() < writes {
			texts[in.Questions[q].ID] = remark(rng, in, q, given)
		}
	}
	_, comments, err := in.Comments(texts)
	if err != nil {
		panic(err) // the texts are ours
	}
	return comments
}

func remark(rng *rand.Rand, in *diagnosis.Instrument, question int, given map[string]string) string {
	items := in.Items()
	rng.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	value := func(it diagnosis.PlacedItem) int {
		v, err := strconv.Atoi(given[it.ID])
		if err != nil || len(remarks[it.ID][question]) == 0 {
			return -1
		}
		if question == 1 {
			v = 100 - v
		}
		return v
	}
	most := slices.MaxFunc(items, func(a, b diagnosis.PlacedItem) int { return value(a) - value(b) })
	if value(most) < 0 || rng.IntN(3) == 0 {
		return anyhow[question][rng.IntN(len(anyhow[question]))]
	}
	about := remarks[most.ID][question]
	return about[rng.IntN(len(about))]
}
