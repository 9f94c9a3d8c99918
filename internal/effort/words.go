package effort

import "slices"

// Name is what a kind is called, in English; pages say it in the reader's language.
func (k Kind) Name() string { return kindNames[k] }

var kindNames = map[Kind]string{
	Learning: "learning", OrganisationalChange: "organisational development", ProcessAnalysis: "process analysis", TalentManagement: "talent management",
	JobTools: "tools and resources of a job", Coaching: "coaching and feedback", KnowledgeManagement: "knowledge management",
	PerformanceManagement: "performance management", Incentives: "incentives", Motivation: "motivation",
}

// Name is what a modality is called, in English.
func (m Modality) Name() string { return modalityNames[m] }

var modalityNames = map[Modality]string{
	NotStated: "not stated", Classroom: "classroom", VirtualLive: "virtual, live", SelfPaced: "self-paced", Blended: "blended", Simulation: "simulation", Reading: "reading",
	Conference: "conference", JobRotation: "job rotation", StretchAssignment: "stretch assignment", PracticeAtWork: "practice at work", Coached: "coaching",
	Mentoring: "mentoring", PeerGroup: "peer group", Community: "community", JobAid: "job aid",
}

// Name is what a cost is for, in English.
func (k CostKind) Name() string { return costNames[k] }

var costNames = map[CostKind]string{Internal: "own costs", Supplier: "invoices of suppliers", Tuition: "tuition"}

// Name is what a form is called, in English.
func (f Form) Name() string { return formNames[f] }

var formNames = map[Form]string{Formal: "formal", WorkBased: "at work"}

// Texts are all names, for who sees to it that each has its translation.
func Texts() (all []string) {
	for _, k := range Kinds {
		all = append(all, k.Name())
	}
	for _, k := range CostKinds {
		all = append(all, k.Name())
	}
	for _, t := range Modalities {
		all = append(all, t.Modality.Name())
	}
	for _, m := range slices.Concat(Measures, programmeMeasures) {
		all = append(all, m.Name)
		if m.Definition != "" {
			all = append(all, m.Definition, m.Formula)
		}
	}
	return append(all, NotStated.Name(), Formal.Name(), WorkBased.Name(), large, sinceJanuary, whatAMonthAdds)
}
