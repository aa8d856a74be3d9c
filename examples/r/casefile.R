# The four questions in R. Run source("casefile.R"), then for example permits_under_embargo().
# Needs R 4.1. what_changed() also needs the package jsonlite. CASEFILE_SERVER is the URL of the server. CASEFILE_KEY is a
# key, if reading needs one.

casefile_server <- function() Sys.getenv("CASEFILE_SERVER", "http://localhost:3000")

casefile_url <- function(path) {
  key <- Sys.getenv("CASEFILE_KEY")
  headers <- if (key == "") NULL else c(Authorization = paste("Bearer", key))
  url(paste0(casefile_server(), path), encoding = "UTF-8", headers = headers)
}

# Returns a list as a data frame. CSV has the complete list. A column is named by its path, e.g. issuer.name. Only an empty
# cell is NA: the country code NA is Namibia.
casefile_table <- function(path, ...) {
  parameters <- c(list(...), format = "csv")
  values <- vapply(parameters, function(value) URLencode(value, reserved = TRUE), "")
  query <- paste0(names(parameters), "=", values, collapse = "&")
  read.csv(casefile_url(paste0(path, "?", query)), check.names = FALSE, na.strings = "")
}

# Which permits were issued under an embargo? A finding is not a verdict: read its limits at /v1/findings/rules.
permits_under_embargo <- function(...) {
  found <- casefile_table("/v1/findings", rule = "permit-under-measure", ...)
  found[c("certainty", "sentence", "reason")]
}

# Everything said about an actor, with quotes: one row per passage of its record and of every permit, measure, event, good
# and affiliation that names it.
said_about <- function(actor) {
  named_in <- list(
    permit = c("issuer", "exporter", "consignee", "endUser", "destination", "endDestination"),
    measure = c("imposer", "target"), event = "actor", good = "manufacturer",
    affiliation = c("actor", "organisation")
  )
  records <- paste0("actor/", actor)
  for (kind in names(named_in)) for (field in named_in[[kind]]) {
    found <- do.call(casefile_table, c(paste0("/v1/", kind, "s"), setNames(list(actor), field)))
    if (nrow(found) > 0) records <- c(records, paste0(kind, "/", found$slug))
  }
  passages <- lapply(unique(records), function(record) casefile_table("/v1/citations", record = record))
  do.call(rbind, passages)[c("record.name", "field", "quote", "voices.actor.name", "voices.document")]
}

# A timeline for my page: events in the order that the evidence allows, with the words of the source for each date.
timeline <- function(...) {
  events <- casefile_table("/v1/timeline", ...)
  events[c("on.edtf", "on.asStated", "title", "slug")]
}

# What changed since a revision (0: all changes)? Use attr(changes, "revision") as `since` the next time.
what_changed <- function(since = 0) {
  changes <- list()
  cursor <- ""
  repeat {
    answer <- casefile_url(paste0("/v1/changes?limit=1000&since=", since, cursor))
    page <- jsonlite::fromJSON(paste(readLines(answer, warn = FALSE), collapse = "\n"))
    close(answer)
    if (length(page$data) > 0) {
      changes <- c(changes, list(data.frame(
        at = page$data$committedAt, author = page$data$author, action = page$data$action,
        record = page$data$record$href
      )))
    }
    if (is.null(page$`next`)) break
    cursor <- paste0("&cursor=", URLencode(page$`next`, reserved = TRUE))
  }
  found <- if (length(changes) == 0) data.frame() else do.call(rbind, changes)
  structure(found, revision = page$revision)
}
