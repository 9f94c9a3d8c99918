package effort

// Published is what a study found the mean of a measure to be in a year: the mean of the ratios of companies, not
// the ratio of their sums. It is compared with a company's own ratio of the same name and nothing else.
type Published struct {
	Measure string // key
	Year    int    // of the data
	Value   float64
	Of      string // which companies, in English; "" for all that took part
}

// PublishedCurrency is that of amounts.
const PublishedCurrency = "USD"

// NewStudy is the year of data from which on the study asks otherwise than before: it was called revamped, and
// counts people who answered where it had counted organisations. No trend is read across it.
const NewStudy = 2023

// Means are those of the yearly study of the American association for training and development (ASTD, then ATD),
// State of the Industry, as far as they could be read in what was said of it in public.
var Means = []Published{
	{"expenditure-per-person", 2003, 820, ""}, {"expenditure-per-person", 2004, 955, ""}, {"expenditure-per-person", 2007, 1110, ""}, {"expenditure-per-person", 2008, 1068, ""},
	{"expenditure-per-person", 2009, 1081, ""}, {"expenditure-per-person", 2010, 1228, ""}, {"expenditure-per-person", 2012, 1195, ""}, {"expenditure-per-person", 2013, 1208, ""},
	{"expenditure-per-person", 2014, 1229, ""}, {"expenditure-per-person", 2015, 1252, ""}, {"expenditure-per-person", 2016, 1273, ""}, {"expenditure-per-person", 2017, 1296, ""},
	{"expenditure-per-person", 2018, 1299, ""}, {"expenditure-per-person", 2019, 1308, ""}, {"expenditure-per-person", 2020, 1267, ""}, {"expenditure-per-person", 2021, 1280, ""},
	{"expenditure-per-person", 2024, 1054, ""},
	{"hours-per-person", 2003, 26, ""}, {"hours-per-person", 2004, 32, ""}, {"hours-per-person", 2006, 35.1, ""}, {"hours-per-person", 2007, 37.4, ""}, {"hours-per-person", 2008, 36.3, ""},
	{"hours-per-person", 2009, 32, ""}, {"hours-per-person", 2010, 32, ""}, {"hours-per-person", 2012, 30.3, ""}, {"hours-per-person", 2013, 31.5, ""}, {"hours-per-person", 2015, 33.5, ""},
	{"hours-per-person", 2016, 34.1, ""}, {"hours-per-person", 2020, 35, ""}, {"hours-per-person", 2021, 32.9, ""}, {"hours-per-person", 2023, 17.4, ""}, {"hours-per-person", 2024, 13.7, ""},
	{"cost-per-hour-used", 2020, 76, ""}, {"cost-per-hour-used", 2021, 103, ""}, {"cost-per-hour-used", 2023, 123, ""}, {"cost-per-hour-used", 2024, 165, ""},
	{"cost-per-hour-available", 2005, 1101, large},
	{"reuse-ratio", 2007, 44.8, ""},
	{"staff-ratio", 2007, 227, ""}, {"staff-ratio", 2008, 253, ""}, {"staff-ratio", 2020, 385, ""},
	{"hours-available-per-staff", 2008, 353, ""},
	{"outsourced-share", 2007, 25.2, ""}, {"outsourced-share", 2008, 22, ""}, {"outsourced-share", 2018, 27, ""}, {"outsourced-share", 2019, 24, ""},
	{"own-share", 2008, 66.1, ""}, {"own-share", 2018, 62, ""}, {"own-share", 2019, 66, ""},
	{"tuition-share", 2018, 11, ""}, {"tuition-share", 2019, 10, ""},
	{"technology-share", 2005, 37, large},
}

const large = "large companies"

// MeanOf is the published mean of a measure with which a year is compared: that of the year, or else the newest
// before it.
func MeanOf(measure string, year int) (p Published, there bool) {
	for _, one := range Means {
		if one.Measure == measure && one.Year <= year && one.Year >= p.Year {
			p, there = one, true
		}
	}
	return p, there
}
