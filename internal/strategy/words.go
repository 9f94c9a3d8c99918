package strategy

// Name is what a status is called, in English; pages say it in the reader's language.
func (s Status) Name() string { return statusNames[s] }

var statusNames = map[Status]string{Ahead: "ahead", OnPlan: "on plan", AtRisk: "at risk", Behind: "behind", Reached: "reached", Missed: "missed", Unknown: "cannot tell"}

// Sign goes with the name, so that neither colour nor sign stands alone.
func (s Status) Sign() string {
	switch s {
	case Ahead, Reached:
		return "▲"
	case OnPlan:
		return "●"
	case AtRisk:
		return "◆"
	case Behind, Missed:
		return "▼"
	}
	return "–"
}

// Texts are all names, for who sees to it that each has its translation.
func Texts() (all []string) {
	for _, name := range statusNames {
		all = append(all, name)
	}
	return all
}
