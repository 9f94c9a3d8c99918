package demo

// Effects is the story: what is planted in the answers, in points on a scale
// from 1 to 10. An effect on somebody's answers is the sum of those of the
// factor or item, the country, the level, the workplace and the unit.
type Effects struct {
	Countries map[string]float64 // by code, on every factor
	Factors   map[string]FactorEffects
	Items     map[string]ItemEffects
	Outcomes  map[string]OutcomeEffects

	Unit       float64 // standard deviation between units
	UnitFactor float64 // and, in each factor by itself
	Halved     string  // region in which every second store stands Half above, the others Half below
	Half       float64

	Absent    map[string]float64 // by country, points of response lost
	LowAnswer float64            // response gained by a store per point of its unit's effect
}

// FactorEffects is what is planted in a factor.
type FactorEffects struct {
	Employee float64 // an employee's usual answer
	Step     float64 // gained with each level above employee
	Depot    float64 // in depots
	Office   float64 // in offices
	Alpha    float64 // how the items hang together: Cronbach's alpha
	Gain     float64 // by the second wave
}

// ItemEffects is what is planted in an item, beside its factor's.
type ItemEffects struct {
	Shift       float64
	Step        float64 // gained with each level above employee
	CannotJudge float64 // how many times as hard to judge as others; 0 means 1
}

// OutcomeEffects says how an outcome follows from the respondent's factors.
type OutcomeEffects struct {
	Usual   float64            // where every factor stands as an employee's usual answer
	Factors map[string]float64 // points per point of the factor
	Noise   float64            // standard deviation of what is left
}

const lowest, highest = "PL", "DE" // countries

// What every person adds, as variances: to all answers alike, to a factor's.
// steady is the share of both that stays from one wave to the next.
const (
	generalVariance = 0.85
	factorVariance  = 0.45
	steady          = 0.7
)

var planted = Effects{
	Countries: map[string]float64{highest: 0.4, "DK": 0.2, "NL": 0.1, "GB": 0.05, "BE": 0, "ES": -0.05, "CZ": -0.1, "FR": -0.15, lowest: -0.65},
	Factors: map[string]FactorEffects{
		"management_quality":  {Employee: 6.3, Step: 0.2, Alpha: 0.9, Gain: 0.5},
		"openness_action":     {Employee: 6.0, Step: 0.2, Alpha: 0.85},
		"long_term":           {Employee: 6.8, Step: 0.1, Alpha: 0.82, Gain: 0.45},
		"improvement_renewal": {Employee: 6.3, Step: 0.1, Depot: -0.6, Office: 0.2, Alpha: 0.88, Gain: 0.55},
		"employee_quality":    {Employee: 6.6, Step: 0.1, Alpha: 0.8, Gain: 0.45},
	},
	Items: map[string]ItemEffects{
		"trust":                  {Shift: 1},
		"integrity":              {Shift: 0.6},
		"result_focus":           {Shift: 0.2},
		"coaching":               {Shift: -0.3},
		"non_performance":        {Shift: -0.9},
		"accountability":         {Shift: -0.3},
		"dialogue":               {Shift: -1, Step: 0.35},
		"involvement":            {Shift: -0.4, Step: 0.1},
		"performance_drive":      {Shift: 0.7},
		"customer_service":       {Shift: 0.6},
		"stakeholder_relations":  {CannotJudge: 3},
		"own_ranks":              {Shift: -0.3},
		"distinctive_strategy":   {Shift: -0.3, CannotJudge: 2},
		"process_simplification": {Shift: -0.6},
		"process_alignment":      {Shift: -0.3},
		"sharing_figures":        {Step: 0.2, CannotJudge: 2},
		"offer_renewal":          {Shift: 0.5},
		"partnerships":           {Shift: -0.2, CannotJudge: 4},
	},
	Outcomes: map[string]OutcomeEffects{
		"recommend":   {Usual: 6.9, Factors: map[string]float64{"openness_action": 0.7, "management_quality": 0.15}, Noise: 1.2},
		"achievement": {Usual: 6.5, Factors: map[string]float64{"openness_action": 0.5, "improvement_renewal": 0.2}, Noise: 1.3},
	},
	Unit: 0.2, UnitFactor: 0.1, Halved: "NL-R1", Half: 0.6,
	Absent: map[string]float64{"FR": 0.1, "ES": 0.12}, LowAnswer: 0.25,
}

func (e Effects) factor(id string) FactorEffects {
	f, told := e.Factors[id]
	if !told {
		return FactorEffects{Employee: 6.5, Alpha: 0.85}
	}
	return f
}

func (e Effects) outcome(id string) OutcomeEffects {
	o, told := e.Outcomes[id]
	if !told {
		return OutcomeEffects{Usual: 6.5, Noise: 1.5}
	}
	return o
}
