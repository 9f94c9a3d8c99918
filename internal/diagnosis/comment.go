package diagnosis

import (
	"slices"
	"strings"
	"unicode/utf8"

	"throughline/internal/kit/fault"
)

// Comment is an answer to an open question. In a published set it is told of a unit,
// the lowest whose comments are shown, and of those that contain it.
type Comment struct {
	Question int    `json:"q"` // index in Instrument.Questions
	Unit     int32  `json:"u"`
	Text     string `json:"text"`
}

// mostComment is how many letters a comment may have.
const mostComment = 4000

// Comments takes the answers to open questions out of what somebody has given, item
// or question id to text: the rest are answers to items. Empty ones are left out. It
// reports a comment that is too long, at its question.
func (in *Instrument) Comments(given map[string]string) (answers map[string]string, comments []Comment, err error) {
	answers = map[string]string{}
	for id, text := range given {
		at := slices.IndexFunc(in.Questions, func(q Question) bool { return q.ID == id })
		if at < 0 {
			answers[id] = text
			continue
		}
		text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "\ufffd"))
		if n := utf8.RuneCountInString(text); n > mostComment {
			return nil, nil, fault.Fieldf(id, "this has %d letters; at most %d are kept: shorten it", n, mostComment)
		}
		if text != "" {
			comments = append(comments, Comment{Question: at, Text: text})
		}
	}
	slices.SortFunc(comments, func(a, b Comment) int { return a.Question - b.Question })
	return answers, comments, nil
}

// PublishComments returns the comments that are shown, each with the lowest unit that
// it is told of. A unit's comments are shown when the unit itself is, and when neither
// they nor what they leave of another unit's are those of fewer people than minimum:
// for each question by itself, by the same test as the unit tree's figures. Comments
// must come with the unit that their writers count in.
func (l Layout) PublishComments(all []Comment, minimum int, shown func(unit int32) bool) []Comment {
	var published []Comment
	questions := 0
	for _, c := range all {
		questions = max(questions, c.Question+1)
	}
	cells := Cells{Parent: l.Parents()}
	for u := range cells.Parent {
		cells.Unit, cells.Value = append(cells.Unit, int32(u)), append(cells.Value, nil)
	}
	tree := enumerate(cells, []Table{{Units: true}})
	for q := range questions {
		people := make(System, len(cells.Unit))
		for _, c := range all {
			if c.Question == q {
				people[c.Unit]++
			}
		}
		order := slices.DeleteFunc(tree.order(people), func(g int32) bool { return !shown(tree.groups[g].Unit) })
		verdicts := decide(tree, order, []System{people}, minimum, func(int) {})
		told := make([]bool, len(cells.Unit))
		for g, v := range verdicts {
			told[tree.groups[g].Unit] = told[tree.groups[g].Unit] || v == Shown
		}
		for _, c := range all {
			if c.Question != q {
				continue
			}
			for c.Unit >= 0 && !told[c.Unit] {
				c.Unit = cells.Parent[c.Unit]
			}
			if c.Unit >= 0 {
				published = append(published, c)
			}
		}
	}
	return published
}

// CommentsOf returns the places in Comments of those that are told of a unit, in the order
// in which they are stored, which says nothing; of one question unless that is negative.
func (r *Report) CommentsOf(unit int32, question int) (of []int) {
	inside := make([]bool, len(r.Units))
	for u := range r.Units {
		inside[u] = int32(u) == unit || r.Units[u].Parent >= 0 && inside[r.Units[u].Parent]
	}
	for i, c := range r.Comments {
		if inside[c.Unit] && (question < 0 || question == c.Question) {
			of = append(of, i)
		}
	}
	return of
}
