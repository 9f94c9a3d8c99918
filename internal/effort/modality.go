package effort

import "slices"

// Modality says how something was learned or done; "" where it is not stated.
type Modality string

const (
	NotStated         Modality = ""
	Classroom         Modality = "classroom"
	VirtualLive       Modality = "virtual-live"
	SelfPaced         Modality = "self-paced"
	Blended           Modality = "blended"
	Simulation        Modality = "simulation"
	Reading           Modality = "reading"
	Conference        Modality = "conference"
	JobRotation       Modality = "job-rotation"
	StretchAssignment Modality = "stretch-assignment"
	PracticeAtWork    Modality = "practice-at-work" // on the job
	Coached           Modality = "coaching"
	Mentoring         Modality = "mentoring"
	PeerGroup         Modality = "peer-group"
	Community         Modality = "community"
	JobAid            Modality = "job-aid"
)

// Mix says whether one learns by doing, from others or by being taught. The field calls it 70:20:10,
// which is a label: nothing here treats these shares as a target.
type Mix string

const (
	Experience Mix = "experience"
	Exposure   Mix = "exposure"
	Education  Mix = "education"
)

// Form says whether learning is set up as such or is part of the work.
type Form string

const (
	Formal    Form = "formal"
	WorkBased Form = "work-based"
)

// Pace says whether all learn at one time.
type Pace string

const (
	Live       Pace = "live"
	OwnPace    Pace = "self-paced"
	EitherPace Pace = "either"
)

// Trait is what is said of a modality.
type Trait struct {
	Modality   Modality
	Mix        Mix
	Form       Form
	Pace       Pace
	Technology bool // it comes through a computer or a phone
}

// Modalities lists them with their traits. Which modality counts as what is our choice: the field has
// no standard for it. Packed tallies know a modality by its place here: a new one goes to the end.
var Modalities = []Trait{
	{Classroom, Education, Formal, Live, false},
	{VirtualLive, Education, Formal, Live, true},
	{SelfPaced, Education, Formal, OwnPace, true},
	{Blended, Education, Formal, EitherPace, true},
	{Simulation, Experience, Formal, EitherPace, true},
	{Reading, Education, Formal, OwnPace, false},
	{Conference, Exposure, Formal, Live, false},
	{JobRotation, Experience, WorkBased, EitherPace, false},
	{StretchAssignment, Experience, WorkBased, EitherPace, false},
	{PracticeAtWork, Experience, WorkBased, EitherPace, false},
	{Coached, Exposure, WorkBased, Live, false},
	{Mentoring, Exposure, WorkBased, Live, false},
	{PeerGroup, Exposure, WorkBased, Live, false},
	{Community, Exposure, WorkBased, OwnPace, true},
	{JobAid, Experience, WorkBased, OwnPace, true},
}

// Trait is what is said of the modality; nothing of one that is not stated.
func (m Modality) Trait() Trait {
	if n := m.place(); n > 0 {
		return Modalities[n-1]
	}
	return Trait{}
}

// place is that in the table from 1 on, 0 for a modality that is not stated and -1 for none.
func (m Modality) place() int {
	if m == NotStated {
		return 0
	}
	n := slices.IndexFunc(Modalities, func(t Trait) bool { return t.Modality == m })
	if n < 0 {
		return n
	}
	return n + 1
}

func (m Modality) known() bool { return m.place() >= 0 }
