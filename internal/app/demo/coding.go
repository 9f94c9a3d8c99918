package demo

import (
	"context"
	"slices"
)

// grouped is how many comments the lead has grouped under each of the first characteristics.
const grouped = 6

// group groups some comments of a diagnosis under the characteristics that they are about,
// as somebody begins to.
func (l *loading) group(ctx context.Context, id string) error {
	published, err := l.Diagnosis.Report(ctx, l.organisation, id)
	if err != nil {
		return err
	}
	for _, item := range []string{"dialogue", "process_alignment", "process_simplification", "non_performance"} {
		var about []int
		for i, c := range published.Report.Comments {
			if slices.Contains(remarks[item][1], c.Text) && len(about) < grouped {
				about = append(about, i)
			}
		}
		if len(about) == 0 { // a small organisation, of which few comments are told
			continue
		}
		if err := l.Diagnosis.Code(ctx, l.organisation, id, about, item, true); err != nil {
			return err
		}
	}
	return nil
}
