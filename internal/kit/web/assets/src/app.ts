import htmx from "htmx.org";

// The content security policy allows no inline style and no evaluated script.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
// Pages hold people's data: none of it stays behind in the browser's storage.
htmx.config.historyCacheSize = 0;
