/**
 * The types of the API, made from its OpenAPI document: do not edit. `npx vitest run tests/docs.test.ts -u` writes this
 * file anew, and the same test fails while it differs from the API.
 */
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check whether the process runs
         * @description Does not check the database; see `/readyz`.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check whether the server is ready
         * @description Queries the database each time. 503 while the database does not answer.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the OpenAPI description
         * @description OpenAPI 3.1, generated from the schemas that validate requests.
         */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List cases
         * @description Sets of articles under one heading. A record belongs to a case when an article of the case is cited for it.
         */
        get: operations["listCases"];
        put?: never;
        /**
         * Make a case
         * @description In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.
         */
        post: operations["createCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one case
         * @description The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.
         */
        get: operations["getCase"];
        put?: never;
        post?: never;
        /**
         * Retract a case
         * @description Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.
         */
        delete: operations["retractCase"];
        options?: never;
        head?: never;
        /**
         * Correct a case
         * @description JSON Merge Patch (RFC 7396) of the body of its `POST`; null removes. Citations have routes of their own. `If-Match` is required.
         */
        patch: operations["updateCase"];
        trace?: never;
    };
    "/v1/cases/{ref}/citations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a citation to a case
         * @description Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.
         */
        post: operations["addCaseCitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{ref}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one case as it is written
         * @description The record in the form of the body of its `POST`, without citations. Change it, and send the changed members with `PATCH` and the `ETag` of this response.
         */
        get: operations["getCaseInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/articles/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one article
         * @description The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.
         */
        get: operations["getArticle"];
        put?: never;
        post?: never;
        /**
         * Retract an article
         * @description Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.
         */
        delete: operations["retractArticle"];
        options?: never;
        head?: never;
        /**
         * Correct an article
         * @description JSON Merge Patch (RFC 7396) of the body of its `POST`; null removes. Citations have routes of their own. `If-Match` is required.
         */
        patch: operations["updateArticle"];
        trace?: never;
    };
    "/v1/articles/{ref}/citations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a citation to an article
         * @description Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.
         */
        post: operations["addArticleCitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/articles/{ref}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one article as it is written
         * @description The record in the form of the body of its `POST`, without citations. Change it, and send the changed members with `PATCH` and the `ETag` of this response.
         */
        get: operations["getArticleInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/articles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List articles
         * @description Source documents: what every fact is cited from. The body never changes once it is stored.
         */
        get: operations["listArticles"];
        put?: never;
        /**
         * Add a document
         * @description Send a text as JSON, which becomes the body unchanged, or a file as a form: plain text, HTML, PDF, DOCX, or a scan as PNG, JPEG or TIFF. The server extracts the text of a file, reads pages without text by text recognition, marks the parts, and takes missing fields from the document itself. If the case already has an article with the same bytes, the answer is 200 with that article, and nothing is written; `X-Ignored-Fields` then names the fields that you sent with other values than it has. `Link: rel="duplicate"` names articles that have nearly the same text. The server never fetches anything.
         */
        post: operations["createArticle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/actors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List actors
         * @description States, companies, persons, public bodies, armed forces, organisations and publishers. `?name=Baykr` and `?name=francois` find one in spite of typing errors.
         */
        get: operations["listActors"];
        put?: never;
        /**
         * Make an actor
         * @description In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.
         */
        post: operations["createActor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/actors/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one actor
         * @description The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.
         */
        get: operations["getActor"];
        put?: never;
        post?: never;
        /**
         * Retract an actor
         * @description Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.
         */
        delete: operations["retractActor"];
        options?: never;
        head?: never;
        /**
         * Correct an actor
         * @description JSON Merge Patch (RFC 7396) of the body of its `POST`; null removes. Citations have routes of their own. `If-Match` is required.
         */
        patch: operations["updateActor"];
        trace?: never;
    };
    "/v1/actors/{ref}/citations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a citation to an actor
         * @description Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.
         */
        post: operations["addActorCitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/actors/{ref}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one actor as it is written
         * @description The record in the form of the body of its `POST`, without citations. Change it, and send the changed members with `PATCH` and the `ETag` of this response.
         */
        get: operations["getActorInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List affiliations
         * @description Who held which post where, who owns, belongs to or succeeds whom, and when the source has it so.
         */
        get: operations["listAffiliations"];
        put?: never;
        /**
         * Make an affiliation
         * @description In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.
         */
        post: operations["createAffiliation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliations/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one affiliation
         * @description The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.
         */
        get: operations["getAffiliation"];
        put?: never;
        post?: never;
        /**
         * Retract an affiliation
         * @description Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.
         */
        delete: operations["retractAffiliation"];
        options?: never;
        head?: never;
        /**
         * Correct an affiliation
         * @description JSON Merge Patch (RFC 7396) of the body of its `POST`; null removes. Citations have routes of their own. `If-Match` is required.
         */
        patch: operations["updateAffiliation"];
        trace?: never;
    };
    "/v1/affiliations/{ref}/citations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a citation to an affiliation
         * @description Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.
         */
        post: operations["addAffiliationCitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliations/{ref}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one affiliation as it is written
         * @description The record in the form of the body of its `POST`, without citations. Change it, and send the changed members with `PATCH` and the `ETag` of this response.
         */
        get: operations["getAffiliationInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/goods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List goods
         * @description Controlled goods, and the families they belong to.
         */
        get: operations["listGoods"];
        put?: never;
        /**
         * Make a good
         * @description In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.
         */
        post: operations["createGood"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/goods/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one good
         * @description The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.
         */
        get: operations["getGood"];
        put?: never;
        post?: never;
        /**
         * Retract a good
         * @description Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.
         */
        delete: operations["retractGood"];
        options?: never;
        head?: never;
        /**
         * Correct a good
         * @description JSON Merge Patch (RFC 7396) of the body of its `POST`; null removes. Citations have routes of their own. `If-Match` is required.
         */
        patch: operations["updateGood"];
        trace?: never;
    };
    "/v1/goods/{ref}/citations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a citation to a good
         * @description Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.
         */
        post: operations["addGoodCitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/goods/{ref}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one good as it is written
         * @description The record in the form of the body of its `POST`, without citations. Change it, and send the changed members with `PATCH` and the `ETag` of this response.
         */
        get: operations["getGoodInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List permits
         * @description Export authorisations: who issued them to whom and for what, and how events changed them. Status and dates follow from events.
         */
        get: operations["listPermits"];
        put?: never;
        /**
         * Make a permit
         * @description In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.
         */
        post: operations["createPermit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one permit
         * @description The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.
         */
        get: operations["getPermit"];
        put?: never;
        post?: never;
        /**
         * Retract a permit
         * @description Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.
         */
        delete: operations["retractPermit"];
        options?: never;
        head?: never;
        /**
         * Correct a permit
         * @description JSON Merge Patch (RFC 7396) of the body of its `POST`; null removes. Citations have routes of their own. `If-Match` is required.
         */
        patch: operations["updatePermit"];
        trace?: never;
    };
    "/v1/permits/{ref}/citations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a citation to a permit
         * @description Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.
         */
        post: operations["addPermitCitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{ref}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one permit as it is written
         * @description The record in the form of the body of its `POST`, without citations. Change it, and send the changed members with `PATCH` and the `ETag` of this response.
         */
        get: operations["getPermitInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/measures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List measures
         * @description Embargoes, suspensions and denial policies, and when they were in force.
         */
        get: operations["listMeasures"];
        put?: never;
        /**
         * Make a measure
         * @description In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.
         */
        post: operations["createMeasure"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/measures/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one measure
         * @description The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.
         */
        get: operations["getMeasure"];
        put?: never;
        post?: never;
        /**
         * Retract a measure
         * @description Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.
         */
        delete: operations["retractMeasure"];
        options?: never;
        head?: never;
        /**
         * Correct a measure
         * @description JSON Merge Patch (RFC 7396) of the body of its `POST`; null removes. Citations have routes of their own. `If-Match` is required.
         */
        patch: operations["updateMeasure"];
        trace?: never;
    };
    "/v1/measures/{ref}/citations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a citation to a measure
         * @description Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.
         */
        post: operations["addMeasureCitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/measures/{ref}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one measure as it is written
         * @description The record in the form of the body of its `POST`, without citations. Change it, and send the changed members with `PATCH` and the `ETag` of this response.
         */
        get: operations["getMeasureInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events
         * @description What happened, in the order the evidence allows. The life of permits and measures is dated by events alone.
         */
        get: operations["listEvents"];
        put?: never;
        /**
         * Make an event
         * @description In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.
         */
        post: operations["createEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one event
         * @description The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.
         */
        get: operations["getEvent"];
        put?: never;
        post?: never;
        /**
         * Retract an event
         * @description Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.
         */
        delete: operations["retractEvent"];
        options?: never;
        head?: never;
        /**
         * Correct an event
         * @description JSON Merge Patch (RFC 7396) of the body of its `POST`; null removes. Citations have routes of their own. `If-Match` is required.
         */
        patch: operations["updateEvent"];
        trace?: never;
    };
    "/v1/events/{ref}/citations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a citation to an event
         * @description Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.
         */
        post: operations["addEventCitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{ref}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one event as it is written
         * @description The record in the form of the body of its `POST`, without citations. Change it, and send the changed members with `PATCH` and the `ETag` of this response.
         */
        get: operations["getEventInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List figures
         * @description Totals that sources state, such as the value of all licences of a state for another in a year.
         */
        get: operations["listFigures"];
        put?: never;
        /**
         * Make a figure
         * @description In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.
         */
        post: operations["createFigure"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/figures/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one figure
         * @description The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.
         */
        get: operations["getFigure"];
        put?: never;
        post?: never;
        /**
         * Retract a figure
         * @description Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.
         */
        delete: operations["retractFigure"];
        options?: never;
        head?: never;
        /**
         * Correct a figure
         * @description JSON Merge Patch (RFC 7396) of the body of its `POST`; null removes. Citations have routes of their own. `If-Match` is required.
         */
        patch: operations["updateFigure"];
        trace?: never;
    };
    "/v1/figures/{ref}/citations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a citation to a figure
         * @description Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.
         */
        post: operations["addFigureCitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/figures/{ref}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one figure as it is written
         * @description The record in the form of the body of its `POST`, without citations. Change it, and send the changed members with `PATCH` and the `ETag` of this response.
         */
        get: operations["getFigureInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/places": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List places
         * @description Countries, regions, cities and other locations. They are reference data: they need no citation, and name their source instead. `?name=Ankra` finds one in spite of typing errors.
         */
        get: operations["listPlaces"];
        put?: never;
        /**
         * Make a place
         * @description In one transaction: the record, its citations (the server finds the offsets of each quote), the ledger.
         */
        post: operations["createPlace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/places/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one place
         * @description The whole record with its citations, by slug or id; with `revision` or `asOf` as it was then.
         */
        get: operations["getPlace"];
        put?: never;
        post?: never;
        /**
         * Retract a place
         * @description Withdraws it with a reason: it answers 410 from then on, and its history stays. `If-Match` is required.
         */
        delete: operations["retractPlace"];
        options?: never;
        head?: never;
        /**
         * Correct a place
         * @description JSON Merge Patch (RFC 7396) of the body of its `POST`; null removes. Citations have routes of their own. `If-Match` is required.
         */
        patch: operations["updatePlace"];
        trace?: never;
    };
    "/v1/places/{ref}/citations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a citation to a place
         * @description Another passage that supports it, or with `value` one that says otherwise. The answer is the whole record.
         */
        post: operations["addPlaceCitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/places/{ref}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one place as it is written
         * @description The record in the form of the body of its `POST`, without citations. Change it, and send the changed members with `PATCH` and the `ETag` of this response.
         */
        get: operations["getPlaceInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/actors/{ref}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merge an actor into another
         * @description All references, citations and names move to the other record, and the id and slug of this one answer 308. The answer is the other record. `If-Match` is the ETag of this one.
         */
        post: operations["mergeActor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/goods/{ref}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merge a good into another
         * @description All references, citations and names move to the other record, and the id and slug of this one answer 308. The answer is the other record. `If-Match` is the ETag of this one.
         */
        post: operations["mergeGood"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/places/{ref}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merge a place into another
         * @description All references, citations and names move to the other record, and the id and slug of this one answer 308. The answer is the other record. `If-Match` is the ETag of this one.
         */
        post: operations["mergePlace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/articles/{ref}/body": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the text of an article
         * @description As plain text: the bytes whose SHA-256 is `bodySha256`, and whose code points citations count. With `citations=true`, or as JSON: the text and its marked spans.
         */
        get: operations["getArticleBody"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/articles/{ref}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the bytes of an article as they were received
         * @description Before any cleaning; their SHA-256 is `sourceSha256`.
         */
        get: operations["getArticleSource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/articles/{ref}/spans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Correct the marked parts of an article
         * @description Replaces the list `spans` of the article. The text itself never changes. Refused with the citations if one of them quotes words that nothing may cite afterwards. `If-Match` is required.
         */
        patch: operations["updateArticleSpans"];
        trace?: never;
    };
    "/v1/citations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List citations
         * @description The passages behind the facts: by record, article, field, or by who is quoted (`voice`).
         */
        get: operations["listCitations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/citations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one citation
         * @description A passage and the record that it supports.
         */
        get: operations["getCitation"];
        put?: never;
        post?: never;
        /**
         * Remove a citation from its record
         * @description The last one of a record that needs one cannot be removed. `If-Match` is the ETag of the record. The answer is the record.
         */
        delete: operations["deleteCitation"];
        options?: never;
        head?: never;
        /**
         * Correct a citation
         * @description JSON Merge Patch (RFC 7396). The quote is found again, and the citation gets a new id, because it is another claim. `If-Match` is the ETag of the record. The answer is the record.
         */
        patch: operations["updateCitation"];
        trace?: never;
    };
    "/v1/citations/{id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hold a citation against the stored text once more
         * @description Compares the quote with the stored body at its offsets, and hashes the body (of a long one, the parts around the quote) again. The server does not search for the quote elsewhere.
         */
        get: operations["verifyCitation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{ref}/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count how many facts of a case are cited
         * @description For each record of the case: how many fields state a fact, how many of them have a citation (on the field or on the part that holds it), and which have none.
         */
        get: operations["getCaseCoverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write up to 1,000 records at once
         * @description All items or none, as one revision. New records can refer to one another by slug or by `$name`, in any order. They are created first; then corrections and retractions follow in their order. An error points at its item: `/body/items/3/record/issuer`.
         */
        post: operations["writeBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{ref}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a whole case in one answer
         * @description All records of the case, complete and with their citations. `revision` or `asOf` gives the case as it was then. A case of more than 100,000 records is refused: read its export. An answer that breaks off is not whole: it never ends as if it were.
         */
        get: operations["getCaseFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{ref}/dossier": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the most important of a case in one answer
         * @description The case with its first findings and events, its newest permits, and its measures, actors, goods and articles. A large case has more of each: `total` and `complete` say so, and the lists have all.
         */
        get: operations["getDossier"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/records/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find a record by its id
         * @description Kind, slug and path of a record of which only the id is known, as in a JSON Patch of a change. Retracted and merged records are found too.
         */
        get: operations["getRecordSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read events in the order that the evidence allows
         * @description Events sorted by the last day that their date can mean, then by the first. So an event that certainly happened before another one stands above it. Events without a date come last. `after` tells where the order is certain. Each entry has the words of the source for its date and all its citations.
         */
        get: operations["getTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List findings
         * @description Conclusions from several records: permits issued under an embargo, goods used by parties that no permit names, contradicted assurances. Each finding has its certainty, the reason for it, and all records with their passages. Findings are computed for each request. `/v1/findings/rules` has the definitions, and what a finding does not say.
         */
        get: operations["listFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/findings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one finding
         * @description The finding as the list has it, computed from the records as they are now. When these change, a finding can end: then this is a 404.
         */
        get: operations["getFinding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/findings/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the rules for findings
         * @description Each rule with its definition, when a finding is certain, when it is possible, and what a finding does not say.
         */
        get: operations["listFindingsRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search everything
         * @description Finds words in names, titles, descriptions, quotes and the texts of articles, without boilerplate. Records with exactly that name come first, then records with the words in their name, then the others by how often and where the words occur. If nothing is found, typing errors in names are corrected.
         */
        get: operations["getSearch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/network": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read who is connected with whom
         * @description Actors, goods, permits and measures around one of them, and their connections: who issued, exported, received, used, recommended, pressed, assured, held which post. Each edge has the records that state it, with their citations. For a node with very many connections only the latest are followed. `complete`, `message` and `cut` tell what was left out.
         */
        get: operations["getNetwork"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/network/paths": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find the shortest paths between two nodes
         * @description The shortest paths between two actors, goods, permits or measures, with the records and citations of each edge. `complete` and `message` tell whether other or shorter paths may be missing.
         */
        get: operations["listNetworkPaths"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{ref}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export a whole case in one file
         * @description All records that belong to the case, from one moment, in the format of another tool. `csv` and `parquet` are a zip file with a table for each kind, `xlsx` a workbook with a sheet for each. If an error interrupts the export, the connection is closed before the end of the file, so that a truncated file cannot look complete.
         */
        get: operations["getCaseExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/context.jsonld": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the JSON-LD context of this API
         * @description A JSON-LD 1.1 context for all JSON answers. A record is the resource at its `href`. Records and lists with `format=jsonld` refer to this context.
         */
        get: operations["getContextJsonld"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{ref}/bundle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export a whole case as a bundle
         * @description A zip file with the records, their citations, the articles with their bytes as received, and the revisions of the ledgers about them. A manifest lists every part with its SHA-256 (docs/bundle.md). `casefile import` imports it into another instance with the same ids.
         */
        get: operations["getCaseBundle"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bundle.schema.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the JSON Schema of a bundle
         * @description The JSON Schema of each file in a bundle, by file name.
         */
        get: operations["getBundleSchemaJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Match names to records (W3C Reconciliation Service API)
         * @description Without parameters: the manifest that clients such as OpenRefine read first. With `queries`: candidates for each query. With `extend`: values of properties.
         */
        get: operations["reconcile"];
        put?: never;
        /**
         * Match a batch of names to records
         * @description The same as the GET, with `queries` or `extend` in a form, for batches that are too long for a URL.
         */
        post: operations["reconcileBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reconcile/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an entity on a small page
         * @description For the frame in which OpenRefine shows a candidate.
         */
        get: operations["getReconcilePreview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reconcile/features": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explain a feature of a score
         * @description A small page about one feature of the score of a candidate.
         */
        get: operations["explainReconciliationFeature"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reconcile/suggest/entity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Suggest entities by the beginning of a name
         * @description Searches names, other names and numbers, and complete ids and slugs.
         */
        get: operations["getReconcileSuggestEntity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reconcile/suggest/type": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Suggest types
         * @description Types whose name or id begins with the text.
         */
        get: operations["suggestReconciliationTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reconcile/suggest/property": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Suggest properties
         * @description Properties whose name or id begins with the text.
         */
        get: operations["suggestReconciliationProperties"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reconcile/flyout/entity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a suggested entity in a few words
         * @description HTML to be shown beside a suggestion.
         */
        get: operations["getReconcileFlyoutEntity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reconcile/flyout/type": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a suggested type in a few words
         * @description HTML to be shown beside a suggestion.
         */
        get: operations["getReconcileFlyoutType"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reconcile/flyout/property": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a suggested property in a few words
         * @description HTML to be shown beside a suggestion.
         */
        get: operations["getReconcileFlyoutProperty"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reconcile/properties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Propose properties of a type
         * @description The properties that can be fetched for entities of the type (data extension).
         */
        get: operations["proposeReconciliationProperties"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reference/states": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List states and territories
         * @description Codes (ISO 3166-1), names in eight languages, memberships with their dates, and the actor on record that is the state. Reference data: no source document says it. A state is one actor, whatever its spelling.
         */
        get: operations["listReferenceStates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reference/control-lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List control lists and their main entries
         * @description Codes and short titles of the EU Common Military List and of the dual-use categories of the Wassenaar Arrangement. Reference data: no source document says it. `controlCode=ML10` finds `ML10a` in all lists.
         */
        get: operations["listReferenceControlLists"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reference/organisations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List international organisations
         * @description Organisations and arrangements of the arms trade with their members, the dates of joining and leaving, and whether their measures bind members. Reference data: no source document says it.
         */
        get: operations["listReferenceOrganisations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reference/organisations/{ref}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the members of an organisation
         * @description All memberships, or with `on` those of a date, certain or possible.
         */
        get: operations["getReferenceOrganisation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/measures/{ref}/bound-states": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the states that a measure binds
         * @description A measure of a state, or of its public body, binds that state; one of an organisation binds its members of the time, as far as its measures bind at all. Memberships are reference data.
         */
        get: operations["listMeasureBoundStates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/articles/{ref}/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Propose records from an article
         * @description Drafts of records, which the server reads from the article by rules and dictionaries. Nothing is stored, and a draft becomes a record only when somebody accepts it. Each draft has its passages, a score and reasons. The answer also lists mentions, dates, quantities of goods, and reported speech.
         */
        get: operations["listArticleProposals"];
        put?: never;
        /**
         * Propose records for an article
         * @description Takes drafts by any program, in the form that proposals have, with a key of the scope `propose`. The server finds every quote; a draft with a quote that does not stand in the article is refused, with the most similar passages, and the others are kept. Equal drafts become one, with all their proposers. Nothing becomes a record until a person accepts it.
         */
        post: operations["addArticleProposal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proposals/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept a proposal
         * @description Creates the record as the `POST` of its kind would, with your `edits`, and the records that it needs: in one transaction, with every quote checked, and in the ledger. If the record exists, adds the passages to it. The body may be left out.
         */
        post: operations["acceptProposal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proposals/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject a proposal
         * @description The proposal is no longer `open` when the article is read again. It can still be accepted later.
         */
        post: operations["rejectProposal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proposals/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a proposal to an existing record
         * @description The passages of the proposal become citations of the record. The fields of the record do not change.
         */
        post: operations["mergeProposal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what changed since a revision
         * @description Changes in the order in which they were written, each with the difference as a JSON Patch. Start with `since`, follow `next` until it is null, then use `nextSince` as the next `since`.
         */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/changes/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Receive changes as they are written
         * @description Server-sent events, one per revision, with revision and epoch as event id (`57-1f0c2a9b`). A client that reconnects with `Last-Event-ID` (browsers do so on their own) misses no revision and gets none twice, even from another process. A comment line every 15 seconds keeps the connection alive.
         */
        get: operations["streamChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the newest revision of the ledger
         * @description Its number and hash, signed when the server has a key for it. Publish both: later anyone can check that nothing written until then was changed (`casefile verify --against`).
         */
        get: operations["getLedgerHead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the ledger
         * @description NDJSON, one revision per line, oldest first, with the canonical text of every snapshot: all data needed to recompute the hash chain (docs/ledger.md).
         */
        get: operations["exportLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{ref}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read every change of a case
         * @description Oldest first. Works for retracted and merged records too.
         */
        get: operations["getCaseHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/articles/{ref}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read every change of an article
         * @description Oldest first. Works for retracted and merged records too.
         */
        get: operations["getArticleHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/actors/{ref}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read every change of an actor
         * @description Oldest first. Works for retracted and merged records too.
         */
        get: operations["getActorHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliations/{ref}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read every change of an affiliation
         * @description Oldest first. Works for retracted and merged records too.
         */
        get: operations["getAffiliationHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/goods/{ref}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read every change of a good
         * @description Oldest first. Works for retracted and merged records too.
         */
        get: operations["getGoodHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{ref}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read every change of a permit
         * @description Oldest first. Works for retracted and merged records too.
         */
        get: operations["getPermitHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/measures/{ref}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read every change of a measure
         * @description Oldest first. Works for retracted and merged records too.
         */
        get: operations["getMeasureHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{ref}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read every change of an event
         * @description Oldest first. Works for retracted and merged records too.
         */
        get: operations["getEventHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/figures/{ref}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read every change of a figure
         * @description Oldest first. Works for retracted and merged records too.
         */
        get: operations["getFigureHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/places/{ref}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read every change of a place
         * @description Oldest first. Works for retracted and merged records too.
         */
        get: operations["getPlaceHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/articles/{ref}/near-duplicates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find copies of an article
         * @description Lists articles of any case that share at least half of the words of one of the two, in runs of five words or more: the same text on another site, a shortened or a longer version. Parts that cannot be cited do not count, nor does text after the first million characters.
         */
        get: operations["listArticleNearDuplicates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/articles/{ref}/pages/{page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a page of a document
         * @description A picture of a page of a PDF or of a scan, made from the bytes as received, to compare the text with. A page that text recognition turned is turned here as well. PNG with 150 dots per inch; a PNG or JPEG file is sent as it was received.
         */
        get: operations["getArticlePage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a register
         * @description Makes records of the rows of a table that a government publishes, as a map of its columns says (`docs/registers.md`); the same as `casefile import-register`. Without `dryRun=false` it reads and checks everything, and writes nothing. It answers when it is done, which takes minutes for a large table; repeated after an interruption, it continues.
         */
        post: operations["createRegister"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the entry points
         * @description Links to the routes: JSON for programs, a page for people.
         */
        get: operations["getEntrance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the problem codes
         * @description Every `type` of a problem, with status and explanation.
         */
        get: operations["listProblems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read about a problem code
         * @description What the problem means and what to do about it.
         */
        get: operations["getProblem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Actor: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "actor";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            /** @enum {string} */
            type: "state" | "company" | "person" | "public-body" | "armed-force" | "organisation" | "publisher";
            name: string;
            aliases: {
                name: string;
                /** @description BCP 47. */
                language: string | null;
            }[];
            /** @description ISO 3166-1 alpha-2. */
            country: string | null;
            identifiers: {
                scheme: string;
                value: string;
            }[];
            conflicts: components["schemas"]["Conflict"][];
            /** @description In the order in which they were given. */
            citations: components["schemas"]["RecordCitation"][];
        };
        /** @description A state, company, person, public body, armed force, organisation or publisher. */
        ActorListed: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "actor";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            /** @enum {string} */
            type: "state" | "company" | "person" | "public-body" | "armed-force" | "organisation" | "publisher";
            name: string;
            aliases: {
                name: string;
                /** @description BCP 47. */
                language: string | null;
            }[];
            /** @description ISO 3166-1 alpha-2. */
            country: string | null;
            identifiers: {
                scheme: string;
                value: string;
            }[];
        };
        Affiliation: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "affiliation";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            /** @enum {string} */
            type: "post" | "membership" | "ownership" | "part-of" | "successor";
            /** @description Who holds the post or the share, or is the member, part or successor. */
            actor: components["schemas"]["Reference"];
            /** @description Where the post is; what is owned, joined or succeeded. */
            organisation: components["schemas"]["Reference"];
            /** @description The post or the tie, as the source names it. */
            role: string;
            /** @description Percentage that the actor owns; null when no exact number is said (see `shareRange`). */
            share: number | null;
            /** @description The percentage as the source states it, also where it is not exact. */
            shareRange: components["schemas"]["QuantityRange"] | null;
            /** @description A time at which the source has it so; for a successor, when it succeeded. */
            during: components["schemas"]["StatedDate"] | null;
            conflicts: components["schemas"]["Conflict"][];
            /** @description In the order in which they were given. */
            citations: components["schemas"]["RecordCitation"][];
        };
        /** @description Who held which post where, who belongs to whom, and when. */
        AffiliationListed: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "affiliation";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            /** @enum {string} */
            type: "post" | "membership" | "ownership" | "part-of" | "successor";
            /** @description Who holds the post or the share, or is the member, part or successor. */
            actor: components["schemas"]["Reference"];
            /** @description Where the post is; what is owned, joined or succeeded. */
            organisation: components["schemas"]["Reference"];
            /** @description The post or the tie, as the source names it. */
            role: string;
            /** @description Percentage that the actor owns; null when no exact number is said (see `shareRange`). */
            share: number | null;
            /** @description The percentage as the source states it, also where it is not exact. */
            shareRange: components["schemas"]["QuantityRange"] | null;
            /** @description A time at which the source has it so; for a successor, when it succeeded. */
            during: components["schemas"]["StatedDate"] | null;
        };
        /** @description A citation as a W3C Web Annotation. */
        Annotation: {
            /** @description `urn:uuid:` and the id of the citation. */
            id: string;
            /** @constant */
            type: "Annotation";
            /** @constant */
            motivation: "describing";
            /** @description Address of the citation. */
            canonical: string;
            body: ({
                /** @constant */
                type: "SpecificResource";
                /** @description Address of the record. */
                source: string;
                selector?: {
                    /** @constant */
                    type: "FragmentSelector";
                    conformsTo: string;
                    /** @description JSON Pointer to the field. */
                    value: string;
                };
            } | {
                /** @constant */
                type: "TextualBody";
                /** @enum {string} */
                purpose: "commenting" | "questioning";
                /** @constant */
                format: "text/plain";
                /** @constant */
                language: "en";
                value: string;
            })[];
            target: {
                /** @description Address of the text. */
                source: string;
                selector: ({
                    /** @constant */
                    type: "TextQuoteSelector";
                    exact: string;
                    prefix: string;
                    suffix: string;
                } | {
                    /** @constant */
                    type: "TextPositionSelector";
                    /** Format: int64 */
                    start: number;
                    /** Format: int64 */
                    end: number;
                })[];
            };
        };
        /** @description Citations as W3C Web Annotations. */
        AnnotationPage: {
            /** @constant */
            "@context": "http://www.w3.org/ns/anno.jsonld";
            /** @constant */
            type: "AnnotationPage";
            id: string;
            items: components["schemas"]["Annotation"][];
        };
        Article: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "article";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            title: string;
            /**
             * @description What kind of document it is.
             * @enum {string}
             */
            type: "news-article" | "press-release" | "report" | "memo" | "letter" | "transcript" | "legal-text" | "data-set" | "web-page" | "other";
            case: components["schemas"]["Reference"];
            publisher: components["schemas"]["Reference"] | null;
            authors: string[];
            url: string | null;
            /** @description BCP 47. */
            language: string | null;
            publishedOn: components["schemas"]["StatedDate"] | null;
            /**
             * Format: int64
             * @description Code points.
             */
            bodyLength: number;
            /** @description SHA-256, lower-case hexadecimal. */
            bodySha256: string;
            sourceMediaType: string;
            /** @description SHA-256, lower-case hexadecimal. */
            sourceSha256: string;
            /** @description The text that citations point into: NFC, `\n` line ends. Null where it is long (a register): it is read at `/body`. */
            body: string | null;
            /** @description Stretches that nothing may cite, in order. */
            boilerplate: components["schemas"]["ArticleSpan"][];
            /** @description All marked stretches, those of `boilerplate` among them. */
            spans: components["schemas"]["ArticleSpan"][];
            /** @description What the document says of itself; of one name the most trusted first. */
            metadata: components["schemas"]["ArticleMetadata"][];
            conflicts: components["schemas"]["Conflict"][];
            /** @description In the order in which they were given. */
            citations: components["schemas"]["RecordCitation"][];
        };
        /** @description A source document. */
        ArticleListed: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "article";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            title: string;
            /**
             * @description What kind of document it is.
             * @enum {string}
             */
            type: "news-article" | "press-release" | "report" | "memo" | "letter" | "transcript" | "legal-text" | "data-set" | "web-page" | "other";
            case: components["schemas"]["Reference"];
            publisher: components["schemas"]["Reference"] | null;
            authors: string[];
            url: string | null;
            /** @description BCP 47. */
            language: string | null;
            publishedOn: components["schemas"]["StatedDate"] | null;
            /**
             * Format: int64
             * @description Code points.
             */
            bodyLength: number;
            /** @description SHA-256, lower-case hexadecimal. */
            bodySha256: string;
            sourceMediaType: string;
            /** @description SHA-256, lower-case hexadecimal. */
            sourceSha256: string;
        };
        /** @description What a document says of itself, and where. */
        ArticleMetadata: {
            /** @enum {string} */
            name: "title" | "byline" | "published" | "modified" | "language" | "canonicalUrl" | "siteName" | "description" | "encoding" | "omitted";
            value: string;
            /** @description Where it says so, e.g. `meta[property="og:title"]`. */
            foundIn: string;
        };
        /** @description A stretch of the body, and what part it is. */
        ArticleSpan: {
            /**
             * @description Nothing may cite `boilerplate`, `navigation`, `teaser`, `header`, `footer` (of the pages) and `struck` (struck out). `note`: a footnote, its mark in the text, or an exponent. `table`: rows are lines, cells are separated by tabs. `ocr`: read by text recognition. Spans can overlap.
             * @enum {string}
             */
            type: "article" | "caption" | "page" | "note" | "table" | "header" | "footer" | "struck" | "ocr" | "boilerplate" | "navigation" | "teaser";
            /**
             * Format: int64
             * @description Code points from 0.
             */
            start: number;
            /**
             * Format: int64
             * @description Code points, exclusive.
             */
            end: number;
            /** @description The page that it is, or is on, from 1; null without pages. */
            page: number | null;
            /** @description Why the stretch is marked. */
            note: string | null;
            /** @description Of text recognition (`ocr`), 0 to 1; null for every other span. */
            confidence: number | null;
        };
        BatchAnswer: {
            /**
             * Format: int64
             * @description The one revision that all of it is.
             */
            revision: number;
            /** @description In the order of the request. */
            items: {
                /** @enum {string} */
                op: "create" | "update" | "retract";
                /** @enum {string} */
                kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                /**
                 * Format: uuid
                 * @description UUIDv7.
                 */
                id: string;
                /** @description Unique in its kind; usable wherever an id is. */
                slug: string;
                href: string;
            }[];
        };
        /** @description The states that a measure binds: the one that imposed it, or the members. */
        BoundStates: {
            measure: components["schemas"]["Reference"];
            imposer: components["schemas"]["Reference"];
            /** @description The date that was asked for; null: while it was in force. */
            on: string | null;
            /** @description The organisation whose members it binds. Null: a state, or nobody of this data. */
            organisation: {
                /**
                 * @description This is reference data of the server; no source document says it.
                 * @constant
                 */
                reference: true;
                code: string;
                name: string;
                /**
                 * @description What its measures are for members: `law` binds them by law, `politics` by a promise, `none`: it imposes none.
                 * @enum {string}
                 */
                force: "law" | "politics" | "none";
                /** @description Why its measures bind members, or why they do not. */
                basis: string;
                /** @description Where this reference data is from. */
                source: string;
            } | null;
            /** @description By code of the state. */
            data: {
                /** @description ISO 3166-1 alpha-2. */
                state: string;
                /** @description In English. */
                name: string;
                /** @description The actor on record that is this state. */
                actor: components["schemas"]["Reference"] | null;
                /**
                 * @description `certain`: a member on every day that the date can mean; `possible`: on some.
                 * @enum {string}
                 */
                certainty: "certain" | "possible";
                /** @description Why it is only possible. */
                reason: string | null;
            }[];
        };
        Case: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "case";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            title: string;
            summary: string | null;
            /** @description Oldest first. */
            articles: components["schemas"]["Reference"][];
            conflicts: components["schemas"]["Conflict"][];
            /** @description In the order in which they were given. */
            citations: components["schemas"]["RecordCitation"][];
        };
        /** @description A whole case. Each list is sorted by slug. */
        CaseFile: {
            /**
             * Format: int64
             * @description The file shows the case as it was after this revision.
             */
            revision: number;
            case: components["schemas"]["Case"];
            articles: components["schemas"]["Article"][];
            actors: components["schemas"]["Actor"][];
            affiliations: components["schemas"]["Affiliation"][];
            figures: components["schemas"]["Figure"][];
            places: components["schemas"]["PlaceRecord"][];
            goods: components["schemas"]["Good"][];
            permits: components["schemas"]["Permit"][];
            measures: components["schemas"]["Measure"][];
            events: components["schemas"]["Event"][];
        };
        /** @description A set of articles under one heading. */
        CaseListed: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "case";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            title: string;
            summary: string | null;
        };
        ChangesPage: {
            /** @description In the order in which they were written. */
            data: components["schemas"]["RecordChange"][];
            /** @description Cursor of the next page; null at the end. */
            next: string | null;
            /**
             * Format: int64
             * @description The newest revision.
             */
            revision: number;
            /** @description The newest revision with its epoch, e.g. `57-1f0c2a9b`. Use it as the next `since` when `next` is null. */
            nextSince: string;
        };
        /** @description A passage and the record that it supports. */
        Citation: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @description The field it supports, e.g. `items.0.quantity`; null is the record as a whole, `*` the record with all its fields. */
            field: string | null;
            article: components["schemas"]["Reference"];
            /**
             * Format: int64
             * @description First code point of the quote in the body, from 0.
             */
            start: number;
            /**
             * Format: int64
             * @description Code point after the last one of the quote.
             */
            end: number;
            /** @description The passage, exactly as it stands. */
            quote: string;
            /** @description Up to 32 code points before it. */
            prefix: string;
            /** @description Up to 32 code points after it. */
            suffix: string;
            /** @description What this passage says of the field when that differs from the record's value. */
            value: unknown;
            /** @description The chain of reported speech, nearest to the fact first. */
            voices: components["schemas"]["Voice"][];
            /** @description 0 to 1; null when nobody rated it. */
            confidence: number | null;
            /** @enum {string} */
            state: "anchored" | "orphaned";
            /** @description Why an orphaned citation no longer holds. */
            stateReason: string | null;
            /** @description Where in the document as received it stands, as a fragment of its address: `row=17` of a table (RFC 7111), the heading counted; null when that says nothing. */
            fragment: string | null;
            /**
             * @description `text`: the document has these words as text. `ocr`: a program read them from a picture and may have misread them; compare them with `/v1/articles/{ref}/pages/{page}`.
             * @enum {string}
             */
            source: "text" | "ocr";
            /** @description Lowest confidence of the words in the recognised lines of the quote, 0 to 1; null for `text`. Wrong words can have 0.9. */
            sourceConfidence: number | null;
            /** @description What the passage is cited for. */
            record: components["schemas"]["Reference"];
            /** @enum {string} */
            recordKind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
            href: string;
        };
        /** @description Claims that differ from the value that was chosen. */
        Conflict: {
            field: string;
            /** @description The record's own value. */
            chosen: unknown;
            claims: {
                value: unknown;
                /**
                 * Format: uuid
                 * @description The citation that says so.
                 */
                citation: string;
            }[];
        };
        /** @description Control lists. Reference data. */
        ControlListList: {
            /** @constant */
            reference: true;
            about: string;
            data: {
                /** @description As permits name the list, e.g. `EU ML`. */
                code: string;
                name: string;
                about: string;
                /** @description Where the official text stands. */
                source: string;
                entries: {
                    /** @description E.g. `ML10`. A longer code that begins with it belongs to it. */
                    code: string;
                    /** @description A short title of our own wording. */
                    title: string;
                }[];
            }[];
        };
        /** @description How many of the facts of a case have a citation. */
        Coverage: {
            case: components["schemas"]["Reference"];
            /**
             * Format: int64
             * @description Number of fields that state a fact, over all records of the case.
             */
            facts: number;
            /**
             * Format: int64
             * @description Number of these with a citation on the field or on the part that holds it.
             */
            cited: number;
            /**
             * Format: int64
             * @description Number of those that only a citation of the whole record (`*`) supports.
             */
            citedAsWhole: number;
            /** @description `cited / facts`, 0 to 1. It is 1 for a case without facts. */
            share: number;
            /** @description Sorted by kind and slug. */
            records: {
                record: components["schemas"]["Reference"];
                /** @enum {string} */
                kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                /** Format: int64 */
                facts: number;
                /** Format: int64 */
                cited: number;
                /** Format: int64 */
                citedAsWhole: number;
                /** @description Fields that state a fact without a citation. */
                missing: string[];
            }[];
        };
        /** @description An article as CSL-JSON (1.0.2). */
        CslItem: {
            id: string;
            /** @constant */
            type: "article-newspaper";
            title: string;
            author?: {
                literal: string;
            }[];
            "container-title"?: string;
            URL?: string;
            language?: string;
            issued?: {
                /** @description A date or a range: year, month, day. */
                "date-parts": number[][];
                circa?: boolean;
            };
            note: string;
        };
        /** @description A case on one page: the most important of everything. */
        Dossier: {
            case: components["schemas"]["Case"];
            findings: {
                /** @description The first, in the order of `/v1/findings`. None of a case with more than 10,000 citations, all of whose records would have to be compared. */
                data: components["schemas"]["Finding"][];
                /** @description Whether these are all findings of the case. */
                complete: boolean;
            };
            timeline: {
                /** @description The first, in the order of `/v1/timeline`. */
                data: components["schemas"]["TimelineEntry"][];
                /** @description Whether these are all events of the case. */
                complete: boolean;
            };
            permits: {
                /** @description The newest, by the day of issue. */
                data: components["schemas"]["PermitListed"][];
                /**
                 * Format: int64
                 * @description How many there are, of which `data` can hold fewer.
                 */
                total: number;
            };
            measures: {
                /** @description By slug. */
                data: components["schemas"]["MeasureListed"][];
                /**
                 * Format: int64
                 * @description How many there are, of which `data` can hold fewer.
                 */
                total: number;
            };
            actors: {
                /** @description By name. */
                data: components["schemas"]["ActorListed"][];
                /**
                 * Format: int64
                 * @description How many there are, of which `data` can hold fewer.
                 */
                total: number;
            };
            goods: {
                /** @description By name. */
                data: components["schemas"]["GoodListed"][];
                /**
                 * Format: int64
                 * @description How many there are, of which `data` can hold fewer.
                 */
                total: number;
            };
            articles: {
                /** @description The newest, by the day of publication. */
                data: components["schemas"]["ArticleListed"][];
                /**
                 * Format: int64
                 * @description How many there are, of which `data` can hold fewer.
                 */
                total: number;
            };
        };
        /** @description Links to the routes. */
        Entrance: {
            name: string;
            version: string;
            description: string;
            links: {
                href: string;
                description: string;
            }[];
        };
        Event: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "event";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            /** @enum {string} */
            type: "application" | "request" | "assurance" | "recommendation" | "permit-decision" | "measure-decision" | "delivery" | "transfer" | "use" | "report" | "inquiry" | "disclosure" | "statement" | "contract" | "payment" | "complaint" | "judgment" | "verification-visit" | "seizure" | "incident" | "vote" | "arrest";
            title: string;
            on: components["schemas"]["StatedDate"] | null;
            description: string | null;
            place: components["schemas"]["Place"] | null;
            participants: {
                actor: components["schemas"]["Reference"];
                /** @enum {string} */
                role: "imposer" | "target" | "issuer" | "applicant" | "exporter" | "consignee" | "end-user" | "requester" | "addressee" | "assurer" | "author" | "speaker" | "reporter" | "investigator" | "discloser" | "supplier" | "user" | "opponent" | "subject" | "broker" | "carrier" | "transit-state" | "seller" | "buyer" | "claimant" | "defendant" | "court" | "inspector" | "victim" | "financier";
            }[];
            /** @description The goods that it is about, those of `items` included. */
            goods: components["schemas"]["Reference"][];
            /** @description How much of a good was delivered, sold, seized and so on. */
            items: {
                good: components["schemas"]["Reference"];
                /** @description Units of the good; null when no exact number is said (see `quantityRange`). */
                quantity: number | null;
                /** @description The quantity as the source states it, also where it is not exact. */
                quantityRange: components["schemas"]["QuantityRange"] | null;
                /** @description What is counted, e.g. `system`. */
                unit: string | null;
                value: components["schemas"]["Money"] | null;
            }[];
            /** @description People whom it killed, injured or otherwise harmed. */
            victims: {
                /** @enum {string} */
                outcome: "killed" | "injured" | "missing" | "displaced" | "detained";
                /** @description Who they were, in the words of the source. */
                who: string | null;
                /** @description Persons; null when no exact number is said (see `countRange`). */
                count: number | null;
                /** @description The count as the source states it, also where it is not exact. */
                countRange: components["schemas"]["QuantityRange"] | null;
            }[];
            /** @description Permits and measures it concerns; each entry has one of the two. */
            about: {
                permit: components["schemas"]["Reference"] | null;
                measure: components["schemas"]["Reference"] | null;
            }[];
            /** @description Permits and measures it changes; each entry has one of the two. */
            effects: {
                permit: components["schemas"]["Reference"] | null;
                measure: components["schemas"]["Reference"] | null;
                /** @enum {string} */
                becomes: "issued" | "refused" | "amended" | "suspended" | "reinstated" | "cancelled" | "expired" | "annulled" | "upheld" | "imposed" | "lifted";
            }[];
            /** @description What an end-use assurance promises: who will use the goods, where, for what. */
            assurance: {
                endUser: components["schemas"]["Reference"] | null;
                place: components["schemas"]["Place"] | null;
                use: string | null;
            } | null;
            conflicts: components["schemas"]["Conflict"][];
            /** @description In the order in which they were given. */
            citations: components["schemas"]["RecordCitation"][];
        };
        /** @description Something that happened. */
        EventListed: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "event";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            /** @enum {string} */
            type: "application" | "request" | "assurance" | "recommendation" | "permit-decision" | "measure-decision" | "delivery" | "transfer" | "use" | "report" | "inquiry" | "disclosure" | "statement" | "contract" | "payment" | "complaint" | "judgment" | "verification-visit" | "seizure" | "incident" | "vote" | "arrest";
            title: string;
            on: components["schemas"]["StatedDate"] | null;
            description: string | null;
            place: components["schemas"]["Place"] | null;
            participants: {
                actor: components["schemas"]["Reference"];
                /** @enum {string} */
                role: "imposer" | "target" | "issuer" | "applicant" | "exporter" | "consignee" | "end-user" | "requester" | "addressee" | "assurer" | "author" | "speaker" | "reporter" | "investigator" | "discloser" | "supplier" | "user" | "opponent" | "subject" | "broker" | "carrier" | "transit-state" | "seller" | "buyer" | "claimant" | "defendant" | "court" | "inspector" | "victim" | "financier";
            }[];
            /** @description The goods that it is about, those of `items` included. */
            goods: components["schemas"]["Reference"][];
            /** @description How much of a good was delivered, sold, seized and so on. */
            items: {
                good: components["schemas"]["Reference"];
                /** @description Units of the good; null when no exact number is said (see `quantityRange`). */
                quantity: number | null;
                /** @description The quantity as the source states it, also where it is not exact. */
                quantityRange: components["schemas"]["QuantityRange"] | null;
                /** @description What is counted, e.g. `system`. */
                unit: string | null;
                value: components["schemas"]["Money"] | null;
            }[];
            /** @description People whom it killed, injured or otherwise harmed. */
            victims: {
                /** @enum {string} */
                outcome: "killed" | "injured" | "missing" | "displaced" | "detained";
                /** @description Who they were, in the words of the source. */
                who: string | null;
                /** @description Persons; null when no exact number is said (see `countRange`). */
                count: number | null;
                /** @description The count as the source states it, also where it is not exact. */
                countRange: components["schemas"]["QuantityRange"] | null;
            }[];
            /** @description Permits and measures it concerns; each entry has one of the two. */
            about: {
                permit: components["schemas"]["Reference"] | null;
                measure: components["schemas"]["Reference"] | null;
            }[];
            /** @description Permits and measures it changes; each entry has one of the two. */
            effects: {
                permit: components["schemas"]["Reference"] | null;
                measure: components["schemas"]["Reference"] | null;
                /** @enum {string} */
                becomes: "issued" | "refused" | "amended" | "suspended" | "reinstated" | "cancelled" | "expired" | "annulled" | "upheld" | "imposed" | "lifted";
            }[];
            /** @description What an end-use assurance promises: who will use the goods, where, for what. */
            assurance: {
                endUser: components["schemas"]["Reference"] | null;
                place: components["schemas"]["Place"] | null;
                use: string | null;
            } | null;
        };
        Figure: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "figure";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            title: string;
            /**
             * @description What is counted or summed up.
             * @enum {string}
             */
            measure: "licences" | "applications" | "refusals" | "suspensions" | "cancellations" | "licensed-value" | "refused-value" | "ordered-value" | "exported-value" | "units-licensed" | "units-exported";
            /** @description A count; null for a sum of money, or when it is not exact (`quantityRange`). */
            quantity: number | null;
            /** @description The count as the source states it. */
            quantityRange: components["schemas"]["QuantityRange"] | null;
            /** @description What is counted, where the measure does not say it. */
            unit: string | null;
            /** @description A sum of money; null for a count. */
            value: components["schemas"]["Money"] | null;
            /** @description Whose licences or exports; null when all are meant. */
            from: components["schemas"]["Reference"] | null;
            /** @description For or to whom; null when all are meant. */
            to: components["schemas"]["Reference"] | null;
            /** @description The good or family that it is about. */
            good: components["schemas"]["Reference"] | null;
            /** @description The control list entries that it is about. */
            controlEntries: {
                /** @description E.g. `EU ML`. */
                list: string;
                /** @description E.g. `ML10`. */
                code: string;
            }[];
            /** @description What it is about, in the source's words. */
            category: string | null;
            /** @description The day or the time that it covers. */
            period: components["schemas"]["StatedDate"] | null;
            /** @description What the source says about what is counted and what is not, in its words. */
            scope: string | null;
            conflicts: components["schemas"]["Conflict"][];
            /** @description In the order in which they were given. */
            citations: components["schemas"]["RecordCitation"][];
        };
        /** @description A total that a source states. */
        FigureListed: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "figure";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            title: string;
            /**
             * @description What is counted or summed up.
             * @enum {string}
             */
            measure: "licences" | "applications" | "refusals" | "suspensions" | "cancellations" | "licensed-value" | "refused-value" | "ordered-value" | "exported-value" | "units-licensed" | "units-exported";
            /** @description A count; null for a sum of money, or when it is not exact (`quantityRange`). */
            quantity: number | null;
            /** @description The count as the source states it. */
            quantityRange: components["schemas"]["QuantityRange"] | null;
            /** @description What is counted, where the measure does not say it. */
            unit: string | null;
            /** @description A sum of money; null for a count. */
            value: components["schemas"]["Money"] | null;
            /** @description Whose licences or exports; null when all are meant. */
            from: components["schemas"]["Reference"] | null;
            /** @description For or to whom; null when all are meant. */
            to: components["schemas"]["Reference"] | null;
            /** @description The good or family that it is about. */
            good: components["schemas"]["Reference"] | null;
            /** @description The control list entries that it is about. */
            controlEntries: {
                /** @description E.g. `EU ML`. */
                list: string;
                /** @description E.g. `ML10`. */
                code: string;
            }[];
            /** @description What it is about, in the source's words. */
            category: string | null;
            /** @description The day or the time that it covers. */
            period: components["schemas"]["StatedDate"] | null;
            /** @description What the source says about what is counted and what is not, in its words. */
            scope: string | null;
        };
        /** @description A conclusion from several records. Computed for each request, never stored. */
        Finding: {
            /** @description The rule and the ids of the two records that it compares. It stays the same as long as these do. */
            id: string;
            /**
             * @description `/v1/findings/rules` has its definition and its limits.
             * @enum {string}
             */
            rule: "permit-under-measure" | "diversion" | "use-abroad" | "assurance-contradicted" | "same-theatre" | "reversal" | "re-export" | "delivery-without-permit" | "over-delivery" | "refused-elsewhere" | "offshore-supply" | "figures-disagree";
            /**
             * @description `certain`: it follows from the records under every reading of their dates and goods. `possible`: another reading is possible.
             * @enum {string}
             */
            certainty: "certain" | "possible";
            /** @description The finding in one sentence. */
            sentence: string;
            /** @description Why it is certain, or why it is only possible. */
            reason: string;
            /** @description What would make a possible finding certain. Empty for a certain one. */
            neededForCertainty: string[];
            /** @description For `permit-under-measure`: the exception that the permit relies on. Null if none is stated, and for other rules. */
            exceptionRelied: string | null;
            /** @description All records of the finding, each with its passages. */
            records: {
                /**
                 * @description The role of the record in the finding.
                 * @enum {string}
                 */
                role: "permit" | "issue" | "measure" | "imposition" | "end" | "assurance" | "use" | "stop" | "other-permit" | "delivery" | "refused-permit" | "refusal" | "ownership" | "figure" | "counted-permit" | "concerns-both";
                /** @enum {string} */
                kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                record: components["schemas"]["Reference"];
                /** @description The date of an event. Null for other kinds. */
                on: components["schemas"]["StatedDate"] | null;
                /** @description The citations of the fields on which the finding rests. If there are none: all citations of the record. */
                citations: components["schemas"]["RecordCitation"][];
            }[];
        };
        /** @description A rule that computes findings. */
        FindingRule: {
            /** @enum {string} */
            rule: "permit-under-measure" | "diversion" | "use-abroad" | "assurance-contradicted" | "same-theatre" | "reversal" | "re-export" | "delivery-without-permit" | "over-delivery" | "refused-elsewhere" | "offshore-supply" | "figures-disagree";
            title: string;
            /** @description What makes a finding. */
            definition: string;
            /** @description When a finding is certain. */
            certain: string;
            /** @description When a finding is only possible. */
            possible: string;
            /** @description The records and facts that a finding needs. */
            records: string[];
            /** @description What a finding does not say. Read this before you publish. */
            limits: string[];
        };
        /** @description An event at a place. */
        GeoJsonFeature: {
            /** @constant */
            type: "Feature";
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @description Null for a place without a position. */
            geometry: {
                /** @constant */
                type: "Point";
                /** @description Longitude, latitude. */
                coordinates: number[];
            } | null;
            properties: {
                slug: string;
                type: string;
                title: string;
                description: string | null;
                /** @description EDTF. */
                date: string | null;
                earliest: string | null;
                latest: string | null;
                /** @description The date in the words of the source. */
                asStated: string | null;
                place: string;
                country: string | null;
                placeSource: string;
                participants: string;
                goods: string;
                quotes: string[];
                url: string;
            };
        };
        /** @description Events as GeoJSON (RFC 7946). */
        GeoJsonFile: {
            /** @constant */
            type: "FeatureCollection";
            features: components["schemas"]["GeoJsonFeature"][];
            /**
             * Format: int64
             * @description Number of events that have no place.
             */
            withoutPlace: number;
        };
        /** @description A place. */
        GeoJsonPlace: {
            /** @constant */
            type: "Feature";
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @description Null for a place without a position. */
            geometry: {
                /** @constant */
                type: "Point";
                /** @description Longitude, latitude. */
                coordinates: number[];
            } | null;
            properties: {
                slug: string;
                name: string;
                otherNames: string[];
                country: string | null;
                /** @description Name of the place that it lies in. */
                within: string | null;
                source: string;
                coordinatesSource: string | null;
                url: string;
            };
        };
        /** @description Places as GeoJSON (RFC 7946). */
        GeoJsonPlaces: {
            /** @constant */
            type: "FeatureCollection";
            features: components["schemas"]["GeoJsonPlace"][];
        };
        Good: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "good";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            designation: string;
            description: string | null;
            manufacturer: components["schemas"]["Reference"] | null;
            /** @description The good that this one belongs to. */
            family: components["schemas"]["Reference"] | null;
            /** @description Control list entries that cover the good. */
            controlEntries: {
                /** @description E.g. `EU ML`. */
                list: string;
                /** @description E.g. `ML15d`. */
                code: string;
            }[];
            /** @description Goods of this family. */
            members: components["schemas"]["Reference"][];
            conflicts: components["schemas"]["Conflict"][];
            /** @description In the order in which they were given. */
            citations: components["schemas"]["RecordCitation"][];
        };
        /** @description A controlled good, or a family of them. */
        GoodListed: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "good";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            designation: string;
            description: string | null;
            manufacturer: components["schemas"]["Reference"] | null;
            /** @description The good that this one belongs to. */
            family: components["schemas"]["Reference"] | null;
            /** @description Control list entries that cover the good. */
            controlEntries: {
                /** @description E.g. `EU ML`. */
                list: string;
                /** @description E.g. `ML15d`. */
                code: string;
            }[];
        };
        /** @description Words in a snippet that match the query. */
        Highlight: {
            /**
             * Format: int64
             * @description First code point in `text`, from 0.
             */
            start: number;
            /**
             * Format: int64
             * @description Code point after the last one.
             */
            end: number;
        };
        /** @description Every change of one record. */
        History: {
            /** @description Oldest first. */
            data: components["schemas"]["RecordChange"][];
            next: string | null;
        };
        Json: unknown;
        /** @description Records as linked data (JSON-LD 1.1). */
        JsonLdFile: {
            "@context": (string | {
                "@base": string;
            })[];
            "@graph": ({
                /**
                 * Format: uuid
                 * @description UUIDv7.
                 */
                id: string;
                /** @enum {string} */
                kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                slug: string;
                href: string;
            } & {
                [key: string]: unknown;
            })[];
        };
        /** @description The newest revision of the hash chain. */
        LedgerHead: {
            /** Format: int64 */
            revision: number;
            /** Format: date-time */
            committedAt: string;
            change: string;
            author: string;
            previousHash: string;
            /** @description SHA-256, hexadecimal. Publish it with the revision: later anyone can check the ledger against it. */
            hash: string;
            /** @description Null when the server has no `LEDGER_KEY`. */
            signature: {
                /** @constant */
                algorithm: "Ed25519";
                /** @description First 16 digits of the SHA-256 of the public key, hexadecimal. */
                keyId: string;
                /** @description SPKI in DER, base64. */
                publicKey: string;
                /**
                 * Format: date-time
                 * @description When this answer was signed, by the clock of the server.
                 */
                signedAt: string;
                /** @description Of the canonical JSON of `hash`, `revision` and `signedAt`, base64. */
                signature: string;
            } | null;
        };
        /** @description A body and the spans marked in it. */
        MarkedBody: {
            article: components["schemas"]["Reference"];
            /** @description SHA-256, lower-case hexadecimal. */
            bodySha256: string;
            body: string;
            /** @description In order of start, then end. */
            spans: {
                /** @enum {string} */
                type: "citation" | "article" | "caption" | "page" | "note" | "table" | "header" | "footer" | "struck" | "ocr" | "boilerplate" | "navigation" | "teaser";
                /**
                 * Format: int64
                 * @description Code points from 0.
                 */
                start: number;
                /**
                 * Format: int64
                 * @description Code points, exclusive.
                 */
                end: number;
                citation: string | null;
                /** @description What the passage is cited for. */
                record: components["schemas"]["Reference"] | null;
                field: string | null;
            }[];
            /** @description The cited stretches in order, without overlaps: where citations overlap, the stretch that they share is a range of its own. */
            ranges: {
                /**
                 * Format: int64
                 * @description Code points from 0.
                 */
                start: number;
                /**
                 * Format: int64
                 * @description Code points, exclusive.
                 */
                end: number;
                /** @description All citations that cover the range. */
                citations: string[];
            }[];
        };
        Measure: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "measure";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            title: string;
            imposer: components["schemas"]["Reference"];
            /** @description Against whom; the first of several targets. */
            target: components["schemas"]["Reference"];
            /** @description All targets, also a single one. */
            targets: components["schemas"]["Reference"][];
            /** @enum {string} */
            legalForm: "embargo" | "suspension" | "presumptive-denial" | "other";
            /** @description The law or decision, e.g. `Council Decision 2013/184/CFSP`. */
            legalInstrument: string | null;
            scope: string | null;
            /** @description What the words of the scope cover or exclude; each item has a good or a code. */
            scopeItems: {
                /** @enum {string} */
                effect: "covers" | "excludes";
                /** @description A good, with all goods of its family. */
                good: components["schemas"]["Reference"] | null;
                list: string | null;
                /** @description A control list entry, with those below it. */
                code: string | null;
            }[];
            /** @description Its last day, as stated when it was imposed. That it was lifted is an event. */
            statedEnd: components["schemas"]["StatedDate"] | null;
            exceptions: string | null;
            /** @description Why it was imposed, and over what territory. */
            reason: {
                text: string;
                place: components["schemas"]["Place"] | null;
            } | null;
            /** @description After the last event; null before the first. */
            status: ("in-force" | "suspended" | "lifted") | null;
            /** @description When it was in force, oldest first. */
            inForce: {
                from: components["schemas"]["StatedDate"] | null;
                /** @description Null: no event ends it. */
                to: components["schemas"]["StatedDate"] | null;
            }[];
            /** @description What events made of it, oldest first. */
            history: {
                /** @enum {string} */
                becomes: "imposed" | "amended" | "suspended" | "lifted";
                on: components["schemas"]["StatedDate"] | null;
                event: components["schemas"]["Reference"];
            }[];
            conflicts: components["schemas"]["Conflict"][];
            /** @description In the order in which they were given. */
            citations: components["schemas"]["RecordCitation"][];
        };
        /** @description An embargo, suspension or denial policy. */
        MeasureListed: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "measure";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            title: string;
            imposer: components["schemas"]["Reference"];
            /** @description Against whom; the first of several targets. */
            target: components["schemas"]["Reference"];
            /** @description All targets, also a single one. */
            targets: components["schemas"]["Reference"][];
            /** @enum {string} */
            legalForm: "embargo" | "suspension" | "presumptive-denial" | "other";
            /** @description The law or decision, e.g. `Council Decision 2013/184/CFSP`. */
            legalInstrument: string | null;
            scope: string | null;
            /** @description What the words of the scope cover or exclude; each item has a good or a code. */
            scopeItems: {
                /** @enum {string} */
                effect: "covers" | "excludes";
                /** @description A good, with all goods of its family. */
                good: components["schemas"]["Reference"] | null;
                list: string | null;
                /** @description A control list entry, with those below it. */
                code: string | null;
            }[];
            /** @description Its last day, as stated when it was imposed. That it was lifted is an event. */
            statedEnd: components["schemas"]["StatedDate"] | null;
            exceptions: string | null;
            /** @description Why it was imposed, and over what territory. */
            reason: {
                text: string;
                place: components["schemas"]["Place"] | null;
            } | null;
            /** @description After the last event; null before the first. */
            status: ("in-force" | "suspended" | "lifted") | null;
            /** @description When it was in force, oldest first. */
            inForce: {
                from: components["schemas"]["StatedDate"] | null;
                /** @description Null: no event ends it. */
                to: components["schemas"]["StatedDate"] | null;
            }[];
        };
        /**
         * @description A sum of money as the source states it: exact, or a range.
         * @example {
         *       "amount": null,
         *       "currency": "EUR",
         *       "low": "411000000",
         *       "high": null,
         *       "excludes": "low",
         *       "asStated": "over €411 million"
         *     }
         */
        Money: {
            /** @description Decimal number in whole units of the currency, e.g. `95000`; null when it is not exact. */
            amount: string | null;
            /** @description ISO 4217, e.g. `EUR`. */
            currency: string;
            /** @description The least that it can be; null is open. */
            low: string | null;
            /** @description The most that it can be; null is open. */
            high: string | null;
            /** @description The bounds that are not part of the range: "over 20,000" excludes its low bound. */
            excludes: ("low" | "high" | "both") | null;
            /** @description The source's own words, e.g. `almost 20,000`; null when they are the number alone. */
            asStated: string | null;
        };
        /** @description Articles that share at least half of the text of one of the two. */
        NearDuplicates: {
            article: components["schemas"]["Reference"];
            /** @description At most 20, highest shares first. */
            data: {
                article: components["schemas"]["Reference"];
                case: components["schemas"]["Reference"];
                /** @description Share of the words of this article that are also in the other one, 0 to 1. */
                share: number;
                /** @description Share of the words of the other article that are in this one, 0 to 1. */
                shareOfOther: number;
            }[];
        };
        /** @description Nodes and their connections. */
        Network: {
            root: components["schemas"]["Reference"];
            /** Format: int64 */
            depth: number;
            /** @description Whether nothing was left out within the depth. */
            complete: boolean;
            /** @description What was left out, in words. Null if nothing was left out. */
            message: string | null;
            /** @description Records with more connections than were followed. */
            cut: {
                record: components["schemas"]["Reference"];
                /** @description The relation or list that was not followed completely. */
                relation: string;
                /**
                 * Format: int64
                 * @description The number of connections that were followed: the latest.
                 */
                followed: number;
            }[];
            /**
             * Format: int64
             * @description Number of nodes that were found and left out because of `limit`.
             */
            nodesLeftOut: number;
            /**
             * Format: int64
             * @description Number of edges between kept nodes that were left out.
             */
            edgesLeftOut: number;
            /** @description Sorted by distance: the root comes first. */
            nodes: components["schemas"]["NetworkNode"][];
            edges: components["schemas"]["NetworkEdge"][];
        };
        /** @description A connection of two nodes, with its evidence. */
        NetworkEdge: {
            id: string;
            /** @enum {string} */
            type: "issued" | "refused" | "amended" | "suspended" | "reinstated" | "cancelled" | "expired" | "annulled" | "upheld" | "exported" | "received" | "named-on" | "destined-for" | "covers" | "manufactured" | "belongs-to" | "imposed" | "lifted" | "targeted" | "set-against" | "held-post" | "member-of" | "owns" | "part-of" | "succeeded" | "applied" | "pressed" | "assured" | "recommended" | "delivered" | "transferred" | "used" | "used-against" | "reported" | "inquired" | "disclosed" | "informed" | "spoke" | "contracted" | "paid" | "financed" | "brokered" | "carried" | "let-pass" | "complained" | "judged" | "inspected" | "seized" | "harmed" | "voted" | "arrested";
            /**
             * Format: uuid
             * @description Id of the node from which the edge starts: the subject of `type`.
             */
            source: string;
            /**
             * Format: uuid
             * @description Id of the node at which the edge ends: the object of `type`.
             */
            target: string;
            /**
             * Format: int64
             * @description Number of records read that state the edge.
             */
            recordsTotal: number;
            /** @description Up to five records that state the edge, the latest first. */
            records: {
                record: components["schemas"]["Reference"];
                /** @enum {string} */
                kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                /** @description The date of an event or an affiliation. */
                on: components["schemas"]["StatedDate"] | null;
                /** @description The fields of the record that state the edge. */
                fields: string[];
                /** @description Up to three for each field. If no field has one: up to three of the record. */
                citations: {
                    /**
                     * Format: uuid
                     * @description UUIDv7.
                     */
                    id: string;
                    href: string;
                    /** @description The field it supports, e.g. `items.0.quantity`; null is the record as a whole, `*` the record with all its fields. */
                    field: string | null;
                    article: components["schemas"]["Reference"];
                    /**
                     * Format: int64
                     * @description First code point of the quote in the body, from 0.
                     */
                    start: number;
                    /**
                     * Format: int64
                     * @description Code point after the last one of the quote.
                     */
                    end: number;
                    /** @description The passage, exactly as it stands. */
                    quote: string;
                    /** @description 0 to 1; null when nobody rated it. */
                    confidence: number | null;
                }[];
            }[];
        };
        /** @description An actor, a good, a permit or a measure. */
        NetworkNode: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /** @description What to show: the name, designation, title or role of the record. */
            name: string;
            /** @description Path of the record on this server. */
            href: string;
            /** @enum {string} */
            kind: "actor" | "good" | "permit" | "measure";
            /** @description Type of an actor, legal form of a measure. Null for other kinds. */
            type: string | null;
            /**
             * Format: int64
             * @description Steps from the start of the network.
             */
            distance: number;
            /**
             * @description Whether the connections of the node were followed. `whole`: all of them. `part`: some of them, see `cut`, or the network reached its limit. `no`: none, as for the outermost nodes.
             * @enum {string}
             */
            expanded: "whole" | "part" | "no";
        };
        NewAcceptance: {
            /**
             * @description JSON Merge Patch (RFC 7396) of the draft.
             * @default {}
             */
            edits?: {
                [key: string]: unknown;
            };
            /**
             * @description Also create the records of the open proposals in `needs`, in the same write: an event comes with its permit, actors and goods. `false`: refuse the proposal if one of these is missing.
             * @default true
             */
            withNeeded?: boolean;
        };
        /** @description Writes that happen together or not at all. */
        NewBatch: {
            items: ({
                /** @constant */
                op: "create";
                /** @enum {string} */
                kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                /** @description A name for this batch: other items refer to the record as `$name`. */
                as?: string;
                /** @description As the body of `POST` of the kind, citations included. */
                record: {
                    [key: string]: unknown;
                };
            } | {
                /** @constant */
                op: "update";
                /** @enum {string} */
                kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                /** @description Slug or id of a record. */
                ref: string;
                /** @description As the header `If-Match`; needed. */
                ifMatch?: string;
                /** @description As the body of `PATCH` of the kind. */
                patch: {
                    [key: string]: unknown;
                };
            } | {
                /** @constant */
                op: "retract";
                /** @enum {string} */
                kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                /** @description Slug or id of a record. */
                ref: string;
                /** @description As the header `If-Match`; needed. */
                ifMatch?: string;
                /** @description Why it is withdrawn. */
                reason: string;
            })[];
        };
        /** @description A passage that supports a record. */
        NewCitation: {
            /** @description The article that says it. */
            article: string;
            /** @description The words, exactly as they stand in the body. */
            quote: string;
            /** @description Words directly before it, to tell apart. */
            prefix?: string;
            /** @description Words directly after it, to tell apart. */
            suffix?: string;
            /** @default null */
            field?: string | null;
            /** @description Several fields that the one quote supports, instead of `field`: one citation for each. `["*"]` is the record with all its fields. */
            fields?: string[];
            value?: components["schemas"]["Json"];
            /** @default [] */
            voices?: (string | {
                document: string;
            })[];
            /** @default null */
            confidence?: number | null;
            /**
             * @description Where in the document as received it stands: `row=17` (RFC 7111), `page=3`.
             * @default null
             */
            fragment?: string | null;
        };
        NewDocument: {
            /** @description Unique in its kind; usable wherever an id is. */
            slug?: string;
            title?: string;
            /**
             * @default other
             * @enum {string}
             */
            type?: "news-article" | "press-release" | "report" | "memo" | "letter" | "transcript" | "legal-text" | "data-set" | "web-page" | "other";
            /** @description The case that it belongs to: slug or id. */
            case: string;
            /** @default null */
            publisher?: string | null;
            /** @description May occur several times. */
            authors?: string[];
            /** @default null */
            url?: string | null;
            /** @default null */
            language?: string | null;
            /** @description EDTF, e.g. `2021-04-12`. */
            publishedOn?: string;
            /**
             * Format: binary
             * @description Plain text, HTML, PDF with a text layer, or DOCX. Never fetched from anywhere.
             */
            file: string;
        };
        NewMerge: {
            /** @description The one that stays. */
            into: string;
        };
        /** @description A sum of money: `amount`, or `low` and `high`, or only `asStated` in words such as "over €411 million". */
        NewMoney: {
            amount?: string | null;
            currency: string;
            low?: string | null;
            high?: string | null;
            /**
             * @description The bounds that are not part of the range: "over 20,000" excludes its low bound.
             * @default null
             */
            excludes?: ("low" | "high" | "both") | null;
            /** @default null */
            asStated?: string | null;
        };
        /** @description A place that is made by the same write. */
        NewPlaceInRecord: {
            /** @description Unique in its kind; usable wherever an id is. */
            slug?: string;
            name: string;
            /** @default [] */
            otherNames?: {
                name: string;
                /** @default null */
                language?: string | null;
            }[];
            /** @default null */
            country?: string | null;
            /**
             * @description The place that it lies in.
             * @default null
             */
            within?: string | null;
            /** @default null */
            latitude?: number | null;
            /** @default null */
            longitude?: number | null;
            /** @default null */
            coordinatesSource?: string | null;
            /**
             * @description E.g. `geonames` and `wikidata`.
             * @default []
             */
            identifiers?: {
                scheme: string;
                value: string;
            }[];
            /** @description Where this reference data is from. */
            source: string;
        };
        NewProposalMerge: {
            /** @description The record of the same kind that gets the passages. */
            into: string;
        };
        /** @description Drafts by a program. */
        NewProposals: {
            proposer: components["schemas"]["NewProposer"];
            /** @description Each is `{kind, draft, score?, reasons?}`. A wrong one does not harm the others. */
            drafts: {
                [key: string]: unknown;
            }[];
        };
        NewProposer: {
            /** @description Name of the program. */
            name: string;
            /** @default null */
            version?: string | null;
            /**
             * @description Language model that it asked.
             * @default null
             */
            model?: string | null;
        };
        /** @description A quantity that is not exact, or that has words of its own. Without low and high, the words are read: "almost 20,000". */
        NewQuantity: {
            low?: number | null;
            high?: number | null;
            /**
             * @description The bounds that are not part of the range: "over 20,000" excludes its low bound.
             * @default null
             */
            excludes?: ("low" | "high" | "both") | null;
            /** @default null */
            asStated?: string | null;
        };
        NewRejection: {
            /**
             * @description The reason for the rejection.
             * @default null
             */
            reason?: string | null;
        };
        NewRetraction: {
            /** @description Why it is withdrawn. */
            reason: string;
        };
        /** @description Corrected marks of the parts of a body. */
        NewSpans: {
            /** @description All spans that the article shall have, as it shows them. Spans of type `page` and `ocr` stay as they are, whether they are sent or not. */
            spans: {
                /** @enum {string} */
                type: "article" | "caption" | "page" | "note" | "table" | "header" | "footer" | "struck" | "ocr" | "boilerplate" | "navigation" | "teaser";
                /**
                 * Format: int64
                 * @description Code points of the body, from 0.
                 */
                start: number;
                /**
                 * Format: int64
                 * @description Code points of the body, exclusive.
                 */
                end: number;
                /** @default null */
                page?: number | null;
                /**
                 * @description Why the stretch is marked.
                 * @default null
                 */
                note?: string | null;
                /**
                 * @description Ignored: as in the article.
                 * @default null
                 */
                confidence?: number | null;
            }[];
        };
        /** @description A date as the source gives it. */
        NewStatedDate: {
            /** @description EDTF: `2020-05`, `2019-10/2019-12`, `2021?`, `../2020-05`. */
            edtf: string;
            /** @default null */
            asStated?: string | null;
            /** @default null */
            reasoning?: string | null;
        };
        /** @description The members of an organisation on a date. */
        OrganisationMembers: {
            /**
             * @description This is reference data of the server; no source document says it.
             * @constant
             */
            reference: true;
            code: string;
            name: string;
            aliases: string[];
            /** @description Bodies that act for it. */
            bodies: string[];
            wikidata: string;
            /**
             * @description What its measures are for members: `law` binds them by law, `politics` by a promise, `none`: it imposes none.
             * @enum {string}
             */
            force: "law" | "politics" | "none";
            /** @description Why its measures bind members, or why they do not. */
            basis: string;
            /** @description Where this reference data is from. */
            source: string;
            /** @description The date that was asked for; null for all memberships. */
            on: string | null;
            members: {
                /** @description ISO 3166-1 alpha-2. */
                state: string;
                /** @description In English. */
                name: string;
                /** @description First day of membership (EDTF). */
                from: string;
                /** @description Last day of membership (EDTF); null while it lasts. */
                to: string | null;
                /** @description On the date; null without one. */
                certainty: ("certain" | "possible") | null;
            }[];
        };
        /** @description A step of a JSON Patch (RFC 6902). */
        PatchOperation: {
            /** @enum {string} */
            op: "add" | "remove" | "replace" | "move" | "copy" | "test";
            /** @description JSON pointer into the snapshot. */
            path: string;
        } & {
            [key: string]: unknown;
        };
        /** @description The shortest paths between two nodes. */
        Paths: {
            from: components["schemas"]["Reference"];
            to: components["schemas"]["Reference"];
            /** @description Number of edges of a shortest path. Null if no path was found. */
            length: number | null;
            /** @description Whether nothing was left out within the depth. */
            complete: boolean;
            /** @description What was left out, in words. Null if nothing was left out. */
            message: string | null;
            /** @description Records with more connections than were followed. */
            cut: {
                record: components["schemas"]["Reference"];
                /** @description The relation or list that was not followed completely. */
                relation: string;
                /**
                 * Format: int64
                 * @description The number of connections that were followed: the latest.
                 */
                followed: number;
            }[];
            /** @description The shortest paths. Two neighbours on a path can have several edges. */
            paths: string[][];
            nodes: components["schemas"]["NetworkNode"][];
            edges: components["schemas"]["NetworkEdge"][];
        };
        Permit: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "permit";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            title: string;
            /** @description What it allows; null when not said. */
            type: ("export" | "re-export" | "transit" | "brokering" | "temporary" | "open" | "technical-assistance" | "intangible") | null;
            /** @description The issuer's number; null when not said. */
            number: string | null;
            issuer: components["schemas"]["Reference"];
            exporter: components["schemas"]["Reference"] | null;
            consignee: components["schemas"]["Reference"] | null;
            endUser: components["schemas"]["Reference"] | null;
            /** @description The state that the goods go to; null when not said, or when there are several (`destinations`). */
            destination: components["schemas"]["Reference"] | null;
            /** @description All destinations, also a single one. */
            destinations: components["schemas"]["Reference"][];
            /** @description The state where they are to stay in the end, where a document names it beside the destination. */
            endDestination: components["schemas"]["Reference"] | null;
            /** @description Further parties with their roles. */
            parties: {
                actor: components["schemas"]["Reference"];
                /** @enum {string} */
                role: "broker" | "carrier" | "intermediary" | "manufacturer" | "origin" | "transit-state";
            }[];
            /** @description How many permits the record stands for, where a source names several together; null when it is one, or no exact number is said. */
            permitCount: number | null;
            /** @description The number of permits as the source states it, also where it is not exact. */
            permitCountRange: components["schemas"]["QuantityRange"] | null;
            items: {
                good: components["schemas"]["Reference"];
                /** @description Units of the good, not permits; null when no exact number is said (see `quantityRange`). */
                quantity: number | null;
                /** @description The quantity as the source states it, also where it is not exact; null when not said. */
                quantityRange: components["schemas"]["QuantityRange"] | null;
                /** @description What is counted, e.g. `system`. */
                unit: string | null;
                /** @description Control list entries under which the permit names it. */
                controlEntries: {
                    /** @description E.g. `EU ML`. */
                    list: string;
                    /** @description E.g. `ML15d`. */
                    code: string;
                }[];
                /** @description What this item is worth, where it is stated apart. */
                value: components["schemas"]["Money"] | null;
            }[];
            /** @description What the goods are worth, as the permit says. */
            value: components["schemas"]["Money"] | null;
            /** @description The last day on which it holds, as stated when it was issued. That it expired is an event. */
            validUntil: components["schemas"]["StatedDate"] | null;
            legalBasis: string | null;
            /** @description The exception to a measure it relies on. */
            exceptionRelied: string | null;
            /** @description The end use that was stated when it was asked for. */
            statedEndUse: {
                text: string;
                place: components["schemas"]["Place"] | null;
            } | null;
            restrictions: string | null;
            /** @description After the last event; null before the first. */
            status: ("issued" | "refused" | "suspended" | "cancelled" | "expired" | "annulled") | null;
            /** @description Date of the event that issued it. Where no event did, but later ones changed it, only the last day that it can be is known. */
            issuedOn: components["schemas"]["StatedDate"] | null;
            /** @description What events made of it, oldest first. */
            history: {
                /** @enum {string} */
                becomes: "issued" | "refused" | "amended" | "suspended" | "reinstated" | "cancelled" | "expired" | "annulled" | "upheld";
                on: components["schemas"]["StatedDate"] | null;
                event: components["schemas"]["Reference"];
            }[];
            conflicts: components["schemas"]["Conflict"][];
            /** @description In the order in which they were given. */
            citations: components["schemas"]["RecordCitation"][];
        };
        /** @description An export authorisation. */
        PermitListed: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "permit";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            title: string;
            /** @description What it allows; null when not said. */
            type: ("export" | "re-export" | "transit" | "brokering" | "temporary" | "open" | "technical-assistance" | "intangible") | null;
            /** @description The issuer's number; null when not said. */
            number: string | null;
            issuer: components["schemas"]["Reference"];
            exporter: components["schemas"]["Reference"] | null;
            consignee: components["schemas"]["Reference"] | null;
            endUser: components["schemas"]["Reference"] | null;
            /** @description The state that the goods go to; null when not said, or when there are several (`destinations`). */
            destination: components["schemas"]["Reference"] | null;
            /** @description All destinations, also a single one. */
            destinations: components["schemas"]["Reference"][];
            /** @description The state where they are to stay in the end, where a document names it beside the destination. */
            endDestination: components["schemas"]["Reference"] | null;
            /** @description Further parties with their roles. */
            parties: {
                actor: components["schemas"]["Reference"];
                /** @enum {string} */
                role: "broker" | "carrier" | "intermediary" | "manufacturer" | "origin" | "transit-state";
            }[];
            /** @description How many permits the record stands for, where a source names several together; null when it is one, or no exact number is said. */
            permitCount: number | null;
            /** @description The number of permits as the source states it, also where it is not exact. */
            permitCountRange: components["schemas"]["QuantityRange"] | null;
            items: {
                good: components["schemas"]["Reference"];
                /** @description Units of the good, not permits; null when no exact number is said (see `quantityRange`). */
                quantity: number | null;
                /** @description The quantity as the source states it, also where it is not exact; null when not said. */
                quantityRange: components["schemas"]["QuantityRange"] | null;
                /** @description What is counted, e.g. `system`. */
                unit: string | null;
                /** @description Control list entries under which the permit names it. */
                controlEntries: {
                    /** @description E.g. `EU ML`. */
                    list: string;
                    /** @description E.g. `ML15d`. */
                    code: string;
                }[];
                /** @description What this item is worth, where it is stated apart. */
                value: components["schemas"]["Money"] | null;
            }[];
            /** @description What the goods are worth, as the permit says. */
            value: components["schemas"]["Money"] | null;
            /** @description The last day on which it holds, as stated when it was issued. That it expired is an event. */
            validUntil: components["schemas"]["StatedDate"] | null;
            legalBasis: string | null;
            /** @description The exception to a measure it relies on. */
            exceptionRelied: string | null;
            /** @description The end use that was stated when it was asked for. */
            statedEndUse: {
                text: string;
                place: components["schemas"]["Place"] | null;
            } | null;
            restrictions: string | null;
            /** @description After the last event; null before the first. */
            status: ("issued" | "refused" | "suspended" | "cancelled" | "expired" | "annulled") | null;
            /** @description Date of the event that issued it. Where no event did, but later ones changed it, only the last day that it can be is known. */
            issuedOn: components["schemas"]["StatedDate"] | null;
        };
        /** @description A place: reference data, not a claim of a source document. */
        Place: {
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            name: string;
            /** @description ISO 3166-1 alpha-2; null where disputed. */
            country: string | null;
            /** @description Degrees north, WGS 84. */
            latitude: number | null;
            /** @description Degrees east, WGS 84. */
            longitude: number | null;
            /** @description Where this reference data is from; it is not in the article. */
            source: string;
            /** @description Path of the place on this server. */
            href: string;
            /**
             * @description Reference data: no source document says it.
             * @constant
             */
            reference: true;
        };
        /** @description A place: a country, region, city or other location. */
        PlaceListed: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "place";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            /**
             * @description Places are reference data: no source document has to say where they lie.
             * @constant
             */
            reference: true;
            name: string;
            otherNames: {
                name: string;
                /** @description BCP 47. */
                language: string | null;
            }[];
            /** @description ISO 3166-1 alpha-2; null where disputed. */
            country: string | null;
            /** @description The place that this one lies in. */
            within: components["schemas"]["Reference"] | null;
            /** @description Degrees north, WGS 84. */
            latitude: number | null;
            /** @description Degrees east, WGS 84. */
            longitude: number | null;
            /** @description Where the coordinates are from, if not from `source`. */
            coordinatesSource: string | null;
            identifiers: {
                /** @description E.g. `geonames`. */
                scheme: string;
                value: string;
            }[];
            /** @description Where this reference data is from. */
            source: string;
        };
        PlaceRecord: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "place";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            /**
             * @description Places are reference data: no source document has to say where they lie.
             * @constant
             */
            reference: true;
            name: string;
            otherNames: {
                name: string;
                /** @description BCP 47. */
                language: string | null;
            }[];
            /** @description ISO 3166-1 alpha-2; null where disputed. */
            country: string | null;
            /** @description The place that this one lies in. */
            within: components["schemas"]["Reference"] | null;
            /** @description Degrees north, WGS 84. */
            latitude: number | null;
            /** @description Degrees east, WGS 84. */
            longitude: number | null;
            /** @description Where the coordinates are from, if not from `source`. */
            coordinatesSource: string | null;
            identifiers: {
                /** @description E.g. `geonames`. */
                scheme: string;
                value: string;
            }[];
            /** @description Where this reference data is from. */
            source: string;
            conflicts: components["schemas"]["Conflict"][];
            /** @description In the order in which they were given. */
            citations: components["schemas"]["RecordCitation"][];
        };
        /**
         * @description An error (RFC 9457).
         * @example {
         *       "type": "/problems/invalid-request",
         *       "title": "Invalid request",
         *       "status": 400,
         *       "detail": "/query/destnation: there is no such parameter; did you mean \"destination\"?",
         *       "errors": [
         *         {
         *           "pointer": "/query/destnation",
         *           "detail": "there is no such parameter; did you mean \"destination\"?"
         *         }
         *       ]
         *     }
         */
        Problem: {
            /** @description Path of the page about this problem. */
            type: string;
            title: string;
            /** Format: int64 */
            status: number;
            /** @description What is wrong with this request, and what to do. */
            detail: string;
            /** @description The invalid values, at most 50. Absent when there are none. */
            errors?: {
                /** @description JSON pointer, e.g. `/query/limit` or `/body/title`. */
                pointer: string;
                detail: string;
            }[];
            /** @description Similar passages. Only when a quote is refused. */
            passages?: {
                /**
                 * Format: int64
                 * @description Code points from 0.
                 */
                start: number;
                /**
                 * Format: int64
                 * @description Code points, exclusive.
                 */
                end: number;
                /** @description A long quote is cut and ends with "…". */
                quote: string;
                prefix: string;
                suffix: string;
                /** @description With the quote that was sent, 0 to 1. */
                similarity?: number;
            }[];
            /** @description Records that prevent the change. Absent when there are none. */
            references?: {
                id: string;
                slug: string;
                name: string;
                href: string;
            }[];
            /** @description The newest revision. Only with `history-changed`. */
            head?: {
                /** Format: int64 */
                revision: number;
                /** @description The first 8 hexadecimal digits of its hash. */
                epoch: string;
            };
        };
        /** @description A problem code, and what to do about it. */
        ProblemKind: {
            code: string;
            /** Format: int64 */
            status: number;
            title: string;
            explanation: string;
        };
        /** @description A draft of a record, read from an article by rules. */
        Proposal: {
            /** @description Stable: the same each time the article is read. */
            id: string;
            /** @enum {string} */
            kind: "actor" | "affiliation" | "good" | "permit" | "measure" | "event";
            /**
             * @description `open`: not decided. `known`: an existing record already cites the passage. Otherwise the decision.
             * @enum {string}
             */
            state: "open" | "known" | "accepted" | "rejected" | "merged";
            /** @description The existing record that gets the passages, or the record that was made. Null if there is none. */
            record: components["schemas"]["Reference"] | null;
            /** @description The body of a `POST` of the kind; for an existing record, the new citations only. */
            draft: {
                citations: components["schemas"]["NewCitation"][];
            } & {
                [key: string]: unknown;
            };
            /** @description The passages it was read from, in text order. */
            passages: {
                /**
                 * Format: int64
                 * @description Code points of the body, from 0.
                 */
                start: number;
                /**
                 * Format: int64
                 * @description Code points of the body, exclusive.
                 */
                end: number;
                /** @description The exact words of the text. */
                quote: string;
            }[];
            /** @description Confidence of the rules, 0 to 1. Not a probability. */
            score: number;
            /** @description Reasons for the proposal and its score. */
            reasons: string[];
            /** @description Proposals whose records the draft refers to. */
            needs: string[];
            /** @description The programs that proposed it. Their quotes were found in the text, their facts were not checked. */
            proposedBy: {
                /** @description `casefile` are the rules of this server. */
                name: string;
                version: string | null;
                /** @description Language model that the program asked. */
                model: string | null;
                /** @description Name of the key with which it was sent. */
                key: string | null;
                /** @description When it was sent; null for the rules, which run each time. */
                at: string | null;
            }[];
        };
        /** @description What the rules read from an article. */
        Proposals: {
            article: components["schemas"]["Reference"];
            /**
             * Format: int64
             * @description Number of code points of the body that were read; a very long body is read in part.
             */
            readTo: number;
            /** @description The language that the text was taken for: of the article, else found out. BCP 47. */
            language: string;
            /** @description What of the text was not read, and why. Empty where all of it was. */
            notRead: string[];
            /** @description In an order in which they can be accepted. */
            data: components["schemas"]["Proposal"][];
            /** @description Mentions of actors and goods, existing and proposed ones. */
            mentions: {
                /**
                 * Format: int64
                 * @description Code points of the body, from 0.
                 */
                start: number;
                /**
                 * Format: int64
                 * @description Code points of the body, exclusive.
                 */
                end: number;
                /** @description The exact words of the text. */
                quote: string;
                name: string;
                /** @description Slug of the record; null if there is none. */
                record: string | null;
                /** @description `name`, `alias`, `capital`, `misspelt` ... */
                how: string;
            }[];
            /** @description Dates. Relative dates are calculated from the article's date. */
            dates: {
                /**
                 * Format: int64
                 * @description Code points of the body, from 0.
                 */
                start: number;
                /**
                 * Format: int64
                 * @description Code points of the body, exclusive.
                 */
                end: number;
                /** @description The exact words of the text. */
                quote: string;
                /** @description Null if the words do not determine it. */
                date: components["schemas"]["NewStatedDate"] | null;
            }[];
            /** @description Numbers of goods. */
            quantities: {
                /**
                 * Format: int64
                 * @description Code points of the body, from 0.
                 */
                start: number;
                /**
                 * Format: int64
                 * @description Code points of the body, exclusive.
                 */
                end: number;
                /** @description The exact words of the text. */
                quote: string;
                /** @description The number. */
                value: number;
                /** @description The counted noun in the singular, e.g. `system`. */
                unit: string;
                good: {
                    name: string;
                    /** @description Slug of the record; null if there is none. */
                    record: string | null;
                } | null;
            }[];
            /** @description Sentences that the text attributes to an actor or a document. */
            speech: {
                /**
                 * Format: int64
                 * @description Code points of the body, from 0.
                 */
                start: number;
                /**
                 * Format: int64
                 * @description Code points of the body, exclusive.
                 */
                end: number;
                /** @description The exact words of the text. */
                quote: string;
                /** @description The speaker; null for a document. */
                actor: {
                    name: string;
                    /** @description Slug of the record; null if there is none. */
                    record: string | null;
                } | null;
                /** @description The document that says it; null for an actor. */
                document: string | null;
            }[];
        };
        /**
         * @description What a quantity can be, as the source states it. Both bounds are equal for an exact one.
         * @example {
         *       "low": 18000,
         *       "high": 20000,
         *       "excludes": "high",
         *       "asStated": "almost 20,000"
         *     }
         */
        QuantityRange: {
            /** @description The least that it can be; null is open. */
            low: number | null;
            /** @description The most that it can be; null is open. */
            high: number | null;
            /** @description The bounds that are not part of the range: "over 20,000" excludes its low bound. */
            excludes: ("low" | "high" | "both") | null;
            /** @description The source's own words, e.g. `almost 20,000`; null when they are the number alone. */
            asStated: string | null;
        };
        /** @description An entity that may match the query. */
        ReconcileCandidate: {
            id: string;
            name: string;
            description: string;
            type: {
                id: string;
                name: string;
            }[];
            /** @description 0 to 100. */
            score: number;
            /** @description Whether it can be accepted without a check by a person. */
            match: boolean;
            /** @description The features that make up the score. */
            features: {
                /** @description `/reconcile/features` explains each. */
                id: string;
                value: boolean | number;
            }[];
        };
        /** @description Values of properties, by entity and property. */
        ReconcileExtension: {
            meta: {
                id: string;
                name: string;
                type?: {
                    id: string;
                    name: string;
                };
            }[];
            rows: {
                [key: string]: {
                    [key: string]: ({
                        id: string;
                        name: string;
                    } | {
                        str: string;
                    } | {
                        float: number;
                    } | {
                        date: string;
                    })[];
                };
            };
        };
        /** @description The manifest of the reconciliation service. */
        ReconcileManifest: {
            versions: string[];
            name: string;
            identifierSpace: string;
            schemaSpace: string;
            defaultTypes: components["schemas"]["ReconcileType"][];
            documentation: string;
            serviceVersion: string;
            view: {
                url: string;
            };
            feature_view: {
                url: string;
            };
            preview: {
                url: string;
                /** Format: int64 */
                width: number;
                /** Format: int64 */
                height: number;
            };
            suggest: {
                entity: {
                    service_url: string;
                    service_path: string;
                    flyout_service_url: string;
                    flyout_service_path: string;
                };
                type: {
                    service_url: string;
                    service_path: string;
                    flyout_service_url: string;
                    flyout_service_path: string;
                };
                property: {
                    service_url: string;
                    service_path: string;
                    flyout_service_url: string;
                    flyout_service_path: string;
                };
            };
            extend: {
                propose_properties: {
                    service_url: string;
                    service_path: string;
                };
                property_settings: unknown[];
            };
            /** Format: int64 */
            batchSize: number;
        };
        /** @description A property of entities. */
        ReconcileProperty: {
            id: string;
            name: string;
            description?: string;
        };
        /** @description Candidates for each query, the best first. */
        ReconcileResults: {
            [key: string]: {
                result: components["schemas"]["ReconcileCandidate"][];
            };
        };
        /** @description A type of entity. */
        ReconcileType: {
            id: string;
            name: string;
            /** @description Broader types. */
            broader?: {
                id: string;
                name: string;
            }[];
        };
        /** @description What a revision did to one record. */
        RecordChange: {
            /** Format: int64 */
            revision: number;
            /**
             * Format: date-time
             * @description When the revision was written, in UTC.
             */
            committedAt: string;
            /** @description Name of the key or of the command that wrote the revision. */
            author: string;
            /** @description The type of the write, e.g. `create`, `batch`, `seed`. */
            change: string;
            /**
             * @description What the revision did to this record. `derive`: the record shows data of another record that changed.
             * @enum {string}
             */
            action: "create" | "update" | "derive" | "retract" | "merge";
            record: {
                /**
                 * Format: uuid
                 * @description UUIDv7.
                 */
                id: string;
                /** @enum {string} */
                kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                /** @description Unique in its kind; usable wherever an id is. */
                slug: string;
                href: string;
                /** @description Whether this change removed the record: it was retracted or merged. */
                gone: boolean;
            };
            /** @description From the snapshot before the change to the snapshot after it. Snapshots hold references as ids. For a new record: one `add` of the whole snapshot. */
            patch: components["schemas"]["PatchOperation"][];
        };
        /** @description The exact passage that supports a record. */
        RecordCitation: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @description The field it supports, e.g. `items.0.quantity`; null is the record as a whole, `*` the record with all its fields. */
            field: string | null;
            article: components["schemas"]["Reference"];
            /**
             * Format: int64
             * @description First code point of the quote in the body, from 0.
             */
            start: number;
            /**
             * Format: int64
             * @description Code point after the last one of the quote.
             */
            end: number;
            /** @description The passage, exactly as it stands. */
            quote: string;
            /** @description Up to 32 code points before it. */
            prefix: string;
            /** @description Up to 32 code points after it. */
            suffix: string;
            /** @description What this passage says of the field when that differs from the record's value. */
            value: unknown;
            /** @description The chain of reported speech, nearest to the fact first. */
            voices: components["schemas"]["Voice"][];
            /** @description 0 to 1; null when nobody rated it. */
            confidence: number | null;
            /** @enum {string} */
            state: "anchored" | "orphaned";
            /** @description Why an orphaned citation no longer holds. */
            stateReason: string | null;
            /** @description Where in the document as received it stands, as a fragment of its address: `row=17` of a table (RFC 7111), the heading counted; null when that says nothing. */
            fragment: string | null;
            /**
             * @description `text`: the document has these words as text. `ocr`: a program read them from a picture and may have misread them; compare them with `/v1/articles/{ref}/pages/{page}`.
             * @enum {string}
             */
            source: "text" | "ocr";
            /** @description Lowest confidence of the words in the recognised lines of the quote, 0 to 1; null for `text`. Wrong words can have 0.9. */
            sourceConfidence: number | null;
        };
        /** @description What a record is, by its id alone. */
        RecordSummary: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @enum {string} */
            kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            name: string;
            /** @description Path of the record on this server. */
            href: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @enum {string} */
            state: "live" | "retracted" | "merged";
            /** @description Why it was retracted. */
            stateReason: string | null;
            /** @description Path of the record that it was merged into. Null if it was not merged. */
            mergedInto: string | null;
        };
        /**
         * @description A small reference to another record.
         * @example {
         *       "id": "01936f5e-0000-7000-8000-000000000001",
         *       "slug": "turkey",
         *       "name": "Turkey",
         *       "href": "/v1/actors/turkey"
         *     }
         */
        Reference: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /** @description What to show: the name, designation, title or role of the record. */
            name: string;
            /** @description Path of the record on this server. */
            href: string;
        };
        /** @description An international organisation with its present and former members. */
        ReferenceOrganisation: {
            code: string;
            name: string;
            aliases: string[];
            /** @description Bodies that act for it. */
            bodies: string[];
            wikidata: string;
            /**
             * @description What its measures are for members: `law` binds them by law, `politics` by a promise, `none`: it imposes none.
             * @enum {string}
             */
            force: "law" | "politics" | "none";
            /** @description Why its measures bind members, or why they do not. */
            basis: string;
            /** @description Where this reference data is from. */
            source: string;
            /** @description By code of the state, oldest first. */
            members: {
                /** @description ISO 3166-1 alpha-2. */
                state: string;
                /** @description First day of membership (EDTF). */
                from: string;
                /** @description Last day of membership (EDTF); null while it lasts. */
                to: string | null;
            }[];
        };
        ReferenceOrganisationList: {
            /**
             * @description This is reference data of the server; no source document says it.
             * @constant
             */
            reference: true;
            /** @description Where this reference data is from. */
            source: string;
            data: components["schemas"]["ReferenceOrganisation"][];
        };
        /** @description A state or territory with an ISO 3166-1 code. */
        ReferenceState: {
            /** @description ISO 3166-1 alpha-2. */
            code: string;
            /** @description ISO 3166-1 alpha-3. */
            code3: string;
            /** @description By language (ISO 639-1): en, fr, de, nl, it, es, tr, sv. */
            names: {
                [key: string]: string;
            };
            /** @description Other names by which it is recognised. */
            aliases: string[];
            memberships: {
                /** @description Code of the organisation. */
                organisation: string;
                /** @description First day of membership (EDTF). */
                from: string;
                /** @description Last day of membership (EDTF); null while it lasts. */
                to: string | null;
            }[];
            /** @description The actor on record that is this state. */
            actor: components["schemas"]["Reference"] | null;
        };
        ReferenceStateList: {
            /**
             * @description This is reference data of the server; no source document says it.
             * @constant
             */
            reference: true;
            /** @description Where this reference data is from. */
            source: string;
            /** @description By code. */
            data: components["schemas"]["ReferenceState"][];
        };
        RegisterFormInput: {
            /**
             * Format: binary
             * @description The table: CSV, XLSX, XLS, ODS, JSON, NDJSON, or a document with a table.
             */
            file: string;
            /**
             * Format: binary
             * @description The map of its columns, a YAML file.
             */
            map: string;
            /**
             * Format: binary
             * @description Side tables that the map joins, under the names by which it names them.
             */
            side?: string | string[];
            /**
             * @description `true`: reads and checks everything, and writes nothing.
             * @default true
             * @enum {string}
             */
            dryRun?: "true" | "false";
        };
        /** @description What an import of a register did, or would do. */
        RegisterImport: {
            isDryRun: boolean;
            register: string;
            /** @description Slug of the article of this release. */
            article: string;
            isNewRelease: boolean;
            encoding: string;
            /** Format: int64 */
            rows: number;
            /** Format: int64 */
            added: number;
            /** Format: int64 */
            changed: number;
            /** Format: int64 */
            renewed: number;
            /** Format: int64 */
            unchanged: number;
            /** Format: int64 */
            withdrawn: number;
            records: {
                permit: {
                    /** Format: int64 */
                    added: number;
                    /** Format: int64 */
                    changed: number;
                    /** Format: int64 */
                    renewed: number;
                    /** Format: int64 */
                    unchanged: number;
                };
                event: {
                    /** Format: int64 */
                    added: number;
                    /** Format: int64 */
                    changed: number;
                    /** Format: int64 */
                    renewed: number;
                    /** Format: int64 */
                    unchanged: number;
                };
                figure: {
                    /** Format: int64 */
                    added: number;
                    /** Format: int64 */
                    changed: number;
                    /** Format: int64 */
                    renewed: number;
                    /** Format: int64 */
                    unchanged: number;
                };
            };
            /**
             * Format: int64
             * @description Rows that the map does not use.
             */
            skipped: number;
            /** @description Slugs of permits that the release no longer has, but other records refer to. */
            kept: string[];
            /** @description Why nothing was withdrawn. */
            notWithdrawn: string | null;
            /** Format: int64 */
            rejected: number;
            /** @description The first rows that are not taken, and why. */
            rejects: {
                /** Format: int64 */
                row: number;
                /** Format: int64 */
                line: number;
                column: string;
                reason: string;
                text: string;
            }[];
            /** @description Cells that a record cannot hold, such as names of no state; the most frequent first. */
            leftOpen: {
                cell: string;
                /** Format: int64 */
                rows: number;
                suggestions: string[];
            }[];
            /** @description Totals that the table states, and the sums of its figures. */
            totals: {
                [key: string]: unknown;
            }[];
            warnings: string[];
            notes: string[];
            /** Format: int64 */
            baseRevision: number;
            /**
             * Format: int64
             * @description Revisions that others wrote meanwhile.
             */
            otherRevisions: number;
            seconds: number;
            indexSeconds: number;
        };
        /** @description What is left of a record that was withdrawn. */
        Retracted: {
            id: string;
            kind: string;
            slug: string;
            /** Format: int64 */
            revision: number;
            /** @constant */
            state: "retracted";
            stateReason: string;
        };
        /** @description The decision on a proposal. */
        Reviewed: {
            /** @description Stable: the same each time the article is read. */
            id: string;
            /** @enum {string} */
            state: "accepted" | "rejected" | "merged";
            reason: string | null;
            /** @description The record that was created or got the passages. */
            record: components["schemas"]["Reference"] | null;
            /** @description Records created from proposals in `needs`. */
            alsoMade: components["schemas"]["Reference"][];
            /** @description Revision of the write; null if no record changed. */
            revision: number | null;
        };
        /** @description The records that match a query. */
        SearchAnswer: {
            /** @description The best hits first. */
            data: components["schemas"]["SearchHit"][];
            /** @description Cursor of the next page. Null on the last page. */
            next: string | null;
            /** @description The number of matching records. `facets` count the same records. */
            total: {
                /** Format: int64 */
                count: number;
                /** @description False if there are more matching records than were counted. */
                isExact: boolean;
            };
            facets: {
                /** @description The largest counts first. */
                kind: {
                    /** @enum {string} */
                    value: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                    /** Format: int64 */
                    count: number;
                }[];
                /** @description The 20 largest counts, the largest first. A record can belong to several cases. */
                case: {
                    value: components["schemas"]["Reference"];
                    /** Format: int64 */
                    count: number;
                }[];
                /** @description By year. A record counts in every year that its date can mean. Records without a date, or with a date that is open or wider than ten years, do not count. */
                year: {
                    /** Format: int64 */
                    value: number;
                    /** Format: int64 */
                    count: number;
                }[];
            };
            /** @description Empty if the words of the query find something. */
            corrections: {
                /** @description A word of the query that occurs nowhere. */
                from: string;
                /** @description Words of names that were searched for instead. */
                to: string[];
            }[];
        };
        /** @description A record that matches the query. */
        SearchHit: {
            record: components["schemas"]["Reference"];
            /** @enum {string} */
            kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
            /** @description Higher is better. Compare scores within one answer only. */
            score: number;
            /** @description At most four: from names, descriptions, quotes, body. */
            snippets: components["schemas"]["Snippet"][];
        };
        /** @description Matching words with their context. */
        Snippet: {
            /** @description Where the words were found: `name`, `aliases.0`, `description` or another field of the record, `citations` for a quote, `body` for the text of an article. */
            field: string;
            /** @description The words with their context, exactly as in the source. */
            text: string;
            /** @description In order, without overlaps. */
            highlights: components["schemas"]["Highlight"][];
            /** @description The position of `text` in an article. Null for fields of a record. */
            passage: {
                article: components["schemas"]["Reference"];
                /**
                 * Format: int64
                 * @description First code point of `text` in the article's body, from 0.
                 */
                start: number;
                /**
                 * Format: int64
                 * @description Code point after the last one of `text`.
                 */
                end: number;
                /** @description Id of the citation with this quote. Null for a body. */
                citation: string | null;
            } | null;
            /** @description The passage as a citation, ready to be sent with a record. */
            cite: {
                article: string;
                quote: string;
                prefix: string;
                suffix: string;
            } | null;
        };
        /**
         * @description A date as the source gave it.
         * @example {
         *       "edtf": "2019-10/2019-12",
         *       "asStated": "late 2019",
         *       "reasoning": null,
         *       "earliest": "2019-10-01",
         *       "latest": "2019-12-31"
         *     }
         */
        StatedDate: {
            /** @description EDTF: `2020-05`, `2019-10/2019-12`, `2021?`, `../2020-05`. */
            edtf: string;
            /** @description The source's own words, e.g. `late 2019`. */
            asStated: string | null;
            /** @description How the date follows from the words, where that is not plain. */
            reasoning: string | null;
            /** @description First day it can mean; null is open. */
            earliest: string | null;
            /** @description Last day it can mean; null is open. */
            latest: string | null;
        };
        /** @description What became of each draft. */
        SubmissionResult: {
            article: components["schemas"]["Reference"];
            accepted: {
                /**
                 * Format: int64
                 * @description Position in `drafts`, from 0.
                 */
                index: number;
                /** @description Stable: the same each time the article is read. */
                id: string;
                /** @description False if an equal draft had been proposed before. */
                isNew: boolean;
            }[];
            refused: {
                /**
                 * Format: int64
                 * @description Position in `drafts`, from 0.
                 */
                index: number;
                /** @enum {string} */
                reason: "invalid" | "quote-not-found" | "quote-ambiguous" | "quote-in-boilerplate" | "too-many";
                /** @description JSON pointer into the request. */
                pointer: string;
                detail: string;
                /** @description The most similar passages, or those that have the quote. */
                passages: {
                    /** Format: int64 */
                    start: number;
                    /** Format: int64 */
                    end: number;
                    quote: string;
                    prefix: string;
                    suffix: string;
                }[];
            }[];
        };
        /** @description A page of a timeline. */
        Timeline: {
            data: components["schemas"]["TimelineEntry"][];
            /** @description Cursor of the next page. Null on the last page. */
            next: string | null;
            /**
             * Format: int64
             * @description Number of entries over all pages. Present with `count=true`.
             */
            total?: number;
        };
        /** @description An event on a timeline. */
        TimelineEntry: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            id: string;
            /** @constant */
            kind: "event";
            /** @description Unique in its kind; usable wherever an id is. */
            slug: string;
            /**
             * Format: int64
             * @description The revision that last changed it.
             */
            revision: number;
            /** @description Path of the record on this server. */
            href: string;
            /** @enum {string} */
            type: "application" | "request" | "assurance" | "recommendation" | "permit-decision" | "measure-decision" | "delivery" | "transfer" | "use" | "report" | "inquiry" | "disclosure" | "statement" | "contract" | "payment" | "complaint" | "judgment" | "verification-visit" | "seizure" | "incident" | "vote" | "arrest";
            title: string;
            on: components["schemas"]["StatedDate"] | null;
            description: string | null;
            place: components["schemas"]["Place"] | null;
            participants: {
                actor: components["schemas"]["Reference"];
                /** @enum {string} */
                role: "imposer" | "target" | "issuer" | "applicant" | "exporter" | "consignee" | "end-user" | "requester" | "addressee" | "assurer" | "author" | "speaker" | "reporter" | "investigator" | "discloser" | "supplier" | "user" | "opponent" | "subject" | "broker" | "carrier" | "transit-state" | "seller" | "buyer" | "claimant" | "defendant" | "court" | "inspector" | "victim" | "financier";
            }[];
            /** @description The goods that it is about, those of `items` included. */
            goods: components["schemas"]["Reference"][];
            /** @description How much of a good was delivered, sold, seized and so on. */
            items: {
                good: components["schemas"]["Reference"];
                /** @description Units of the good; null when no exact number is said (see `quantityRange`). */
                quantity: number | null;
                /** @description The quantity as the source states it, also where it is not exact. */
                quantityRange: components["schemas"]["QuantityRange"] | null;
                /** @description What is counted, e.g. `system`. */
                unit: string | null;
                value: components["schemas"]["Money"] | null;
            }[];
            /** @description People whom it killed, injured or otherwise harmed. */
            victims: {
                /** @enum {string} */
                outcome: "killed" | "injured" | "missing" | "displaced" | "detained";
                /** @description Who they were, in the words of the source. */
                who: string | null;
                /** @description Persons; null when no exact number is said (see `countRange`). */
                count: number | null;
                /** @description The count as the source states it, also where it is not exact. */
                countRange: components["schemas"]["QuantityRange"] | null;
            }[];
            /** @description Permits and measures it concerns; each entry has one of the two. */
            about: {
                permit: components["schemas"]["Reference"] | null;
                measure: components["schemas"]["Reference"] | null;
            }[];
            /** @description Permits and measures it changes; each entry has one of the two. */
            effects: {
                permit: components["schemas"]["Reference"] | null;
                measure: components["schemas"]["Reference"] | null;
                /** @enum {string} */
                becomes: "issued" | "refused" | "amended" | "suspended" | "reinstated" | "cancelled" | "expired" | "annulled" | "upheld" | "imposed" | "lifted";
            }[];
            /** @description What an end-use assurance promises: who will use the goods, where, for what. */
            assurance: {
                endUser: components["schemas"]["Reference"] | null;
                place: components["schemas"]["Place"] | null;
                use: string | null;
            } | null;
            /** @description Whether it happened after all entries above it. `certain`: its first possible day is after the last possible day of all of them. `possible`: the dates allow another order. Null for the first entry. */
            after: ("certain" | "possible") | null;
            conflicts: components["schemas"]["Conflict"][];
            /** @description In the order in which they were given. */
            citations: components["schemas"]["RecordCitation"][];
        };
        /** @description A file for TimelineJS 3 of Knight Lab. */
        TimelineJs: {
            events: {
                /** @description Absent on the title slide. */
                start_date?: {
                    /** Format: int64 */
                    year: number;
                    /**
                     * Format: int64
                     * @description 1 to 12. Absent if the source names only the year.
                     */
                    month?: number;
                    /**
                     * Format: int64
                     * @description 1 to 31. Absent if the source names no day.
                     */
                    day?: number;
                };
                /** @description End of a date that is a period. */
                end_date?: {
                    /** Format: int64 */
                    year: number;
                    /**
                     * Format: int64
                     * @description 1 to 12. Absent if the source names only the year.
                     */
                    month?: number;
                    /**
                     * Format: int64
                     * @description 1 to 31. Absent if the source names no day.
                     */
                    day?: number;
                };
                /** @description The date in words, followed by the words of the source. */
                display_date?: string;
                text: {
                    /** @description HTML. */
                    headline: string;
                    /** @description HTML. */
                    text: string;
                };
                /** @description Type of the event. */
                group?: string;
                /** @description Slug of the event. */
                unique_id?: string;
            }[];
            /** @description Names the events that have no date. Absent if all events have one. */
            title?: {
                /** @description Absent on the title slide. */
                start_date?: {
                    /** Format: int64 */
                    year: number;
                    /**
                     * Format: int64
                     * @description 1 to 12. Absent if the source names only the year.
                     */
                    month?: number;
                    /**
                     * Format: int64
                     * @description 1 to 31. Absent if the source names no day.
                     */
                    day?: number;
                };
                /** @description End of a date that is a period. */
                end_date?: {
                    /** Format: int64 */
                    year: number;
                    /**
                     * Format: int64
                     * @description 1 to 12. Absent if the source names only the year.
                     */
                    month?: number;
                    /**
                     * Format: int64
                     * @description 1 to 31. Absent if the source names no day.
                     */
                    day?: number;
                };
                /** @description The date in words, followed by the words of the source. */
                display_date?: string;
                text: {
                    /** @description HTML. */
                    headline: string;
                    /** @description HTML. */
                    text: string;
                };
                /** @description Type of the event. */
                group?: string;
                /** @description Slug of the event. */
                unique_id?: string;
            };
        };
        /** @description A citation held against the stored body once more. */
        Verification: {
            /**
             * Format: uuid
             * @description UUIDv7.
             */
            citation: string;
            holds: boolean;
            /** @description Why it does not hold; null when it does. */
            reason: string | null;
            /** Format: int64 */
            start: number;
            /** Format: int64 */
            end: number;
            /** @description What the citation says stands there. */
            quote: string;
            /** @description What stands there. */
            found: string;
            article: components["schemas"]["Reference"];
            /** @description SHA-256 of `bodyStretch`, computed for this answer. */
            bodySha256: string;
            /** @description What was read again, in code points: the whole body, or of a long one the parts around the quote. */
            bodyStretch: {
                /** Format: int64 */
                start: number;
                /** Format: int64 */
                end: number;
            };
            /** @description Whether that stretch still has the hash with which it was stored. */
            bodyIntact: boolean;
        };
        /** @description Who says so: an actor or a named document. */
        Voice: {
            actor: components["schemas"]["Reference"] | null;
            /** @description A document as the source names it. */
            document: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server is ready. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready";
                        /**
                         * Format: int64
                         * @description The newest revision; 0 before the first write.
                         */
                        revision: number;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI description. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCases: {
        parameters: {
            query?: {
                /** @description Only this case. */
                case?: string;
                /** @description Words of the title; typing errors and accents do not matter. */
                title?: string;
                /** @description Sort by this, `-` before it for descending. Standard: `slug`. */
                sort?: "name" | "-name" | "slug" | "-slug" | "revision" | "-revision";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `xlsx`, `parquet`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. All but `json` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or in another format than JSON the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CaseListed"][];
                        /** @description Cursor of the next page; null on the last. */
                        next: string | null;
                        /**
                         * Format: int64
                         * @description How many there are over all pages; only with `count=true`.
                         */
                        total?: number;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createCase: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Unique in its kind; usable wherever an id is. Without it, the server makes one from the name. */
                    slug?: string;
                    title: string;
                    /** @default null */
                    summary?: string | null;
                    /**
                     * @description Passages that support it.
                     * @default []
                     */
                    citations?: components["schemas"]["NewCitation"][];
                };
            };
        };
        responses: {
            /** @description The case. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Case"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCase: {
        parameters: {
            query?: {
                /** @description As it was after this revision. */
                revision?: number;
                /** @description As it was at this instant, e.g. `2026-11-24T12:00:00Z`. */
                asOf?: string;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The case. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Case"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retractCase: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRetraction"];
            };
        };
        responses: {
            /** @description What is left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retracted"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateCase: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The case. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Case"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addCaseCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCitation"];
            };
        };
        responses: {
            /** @description The case. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Case"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCaseInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What `PATCH` of the case can change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getArticle: {
        parameters: {
            query?: {
                /** @description As it was after this revision. */
                revision?: number;
                /** @description As it was at this instant, e.g. `2026-11-24T12:00:00Z`. */
                asOf?: string;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`, `bibtex`, `csl-json`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The article. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                    "application/x-bibtex": string;
                    "application/vnd.citationstyles.csl+json": components["schemas"]["CslItem"][];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retractArticle: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRetraction"];
            };
        };
        responses: {
            /** @description What is left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retracted"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateArticle: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The article. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addArticleCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCitation"];
            };
        };
        responses: {
            /** @description The article. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getArticleInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What `PATCH` of the article can change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listArticles: {
        parameters: {
            query?: {
                /** @description Only articles of this case. */
                case?: string;
                /** @description What kind of document it is. May be repeated: any of them. */
                type?: ("news-article" | "press-release" | "report" | "memo" | "letter" | "transcript" | "legal-text" | "data-set" | "web-page" | "other") | ("news-article" | "press-release" | "report" | "memo" | "letter" | "transcript" | "legal-text" | "data-set" | "web-page" | "other")[];
                /** @description Who published it. */
                publisher?: string;
                /** @description Only articles in which this actor is a voice of some citation. */
                cites?: string;
                /** @description Words of the title; typing errors and accents do not matter. */
                title?: string;
                /** @description BCP 47, e.g. `en`. */
                language?: string;
                /** @description SHA-256 of the bytes as received. */
                sha256?: string;
                /** @description Published on or after this day, month or year (see `certainty`). */
                from?: string;
                /** @description Published on or before this day, month or year (see `certainty`). */
                to?: string;
                /** @description `possible` (standard): the date can lie between `from` and `to`; `certain`: it can lie nowhere else. */
                certainty?: "possible" | "certain";
                /** @description Sort by this, `-` before it for descending. Standard: `slug`. */
                sort?: "name" | "-name" | "slug" | "-slug" | "revision" | "-revision" | "publishedOn" | "-publishedOn";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `xlsx`, `parquet`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`, `bibtex`, `csl-json`. All but `json` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or in another format than JSON the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ArticleListed"][];
                        /** @description Cursor of the next page; null on the last. */
                        next: string | null;
                        /**
                         * Format: int64
                         * @description How many there are over all pages; only with `count=true`.
                         */
                        total?: number;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                    "application/x-bibtex": string;
                    "application/vnd.citationstyles.csl+json": components["schemas"]["CslItem"][];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createArticle: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Unique in its kind; usable wherever an id is. Without it, the server makes one from the name. */
                    slug?: string;
                    title: string;
                    /**
                     * @default other
                     * @enum {string}
                     */
                    type?: "news-article" | "press-release" | "report" | "memo" | "letter" | "transcript" | "legal-text" | "data-set" | "web-page" | "other";
                    /** @description Slug or id of a record; in a batch also `$name` of another item. */
                    case: string;
                    /** @default null */
                    publisher?: string | null;
                    /** @default [] */
                    authors?: string[];
                    /** @default null */
                    url?: string | null;
                    /** @default null */
                    language?: string | null;
                    /** @default null */
                    publishedOn?: components["schemas"]["NewStatedDate"] | null;
                    /** @description The text; the body is its NFC with `\n` line ends. */
                    text: string;
                    /**
                     * @description Stretches that nothing may cite.
                     * @default []
                     */
                    boilerplate?: {
                        /**
                         * Format: int64
                         * @description Code points of the body, from 0.
                         */
                        start: number;
                        /**
                         * Format: int64
                         * @description Code points of the body, exclusive.
                         */
                        end: number;
                        /** @default null */
                        note?: string | null;
                    }[];
                    /**
                     * @description Passages that support it.
                     * @default []
                     */
                    citations?: components["schemas"]["NewCitation"][];
                };
                "multipart/form-data": components["schemas"]["NewDocument"];
            };
        };
        responses: {
            /** @description The article of the case that already has these bytes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            /** @description The article. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listActors: {
        parameters: {
            query?: {
                /** @description Only what belongs to this case: an article of it is cited for the record. */
                case?: string;
                /** @description What the actor is. May be repeated: any of them. */
                type?: ("state" | "company" | "person" | "public-body" | "armed-force" | "organisation" | "publisher") | ("state" | "company" | "person" | "public-body" | "armed-force" | "organisation" | "publisher")[];
                /** @description ISO 3166-1 alpha-2, e.g. `TR`. */
                country?: string;
                /** @description Name or another name, or a part of it; typing errors, case and accents do not matter. */
                name?: string;
                /** @description A number or code of the actor, in any scheme. */
                identifier?: string;
                /** @description Only actors that take part in this event. */
                event?: string;
                /** @description Sort by this, `-` before it for descending. Standard: `name`. */
                sort?: "name" | "-name" | "slug" | "-slug" | "revision" | "-revision";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `xlsx`, `parquet`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. All but `json` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or in another format than JSON the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ActorListed"][];
                        /** @description Cursor of the next page; null on the last. */
                        next: string | null;
                        /**
                         * Format: int64
                         * @description How many there are over all pages; only with `count=true`.
                         */
                        total?: number;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createActor: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Unique in its kind; usable wherever an id is. Without it, the server makes one from the name. */
                    slug?: string;
                    /** @enum {string} */
                    type: "state" | "company" | "person" | "public-body" | "armed-force" | "organisation" | "publisher";
                    name: string;
                    /** @description Other names, as text or with their language. */
                    aliases?: (string | {
                        name: string;
                        /** @default null */
                        language?: string | null;
                    })[];
                    /** @default null */
                    country?: string | null;
                    /** @default [] */
                    identifiers?: {
                        scheme: string;
                        value: string;
                    }[];
                    /**
                     * @description At least one passage that supports it.
                     * @default []
                     */
                    citations?: components["schemas"]["NewCitation"][];
                };
            };
        };
        responses: {
            /** @description The actor. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Actor"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getActor: {
        parameters: {
            query?: {
                /** @description As it was after this revision. */
                revision?: number;
                /** @description As it was at this instant, e.g. `2026-11-24T12:00:00Z`. */
                asOf?: string;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The actor. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Actor"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retractActor: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRetraction"];
            };
        };
        responses: {
            /** @description What is left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retracted"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateActor: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The actor. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Actor"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addActorCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCitation"];
            };
        };
        responses: {
            /** @description The actor. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Actor"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getActorInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What `PATCH` of the actor can change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAffiliations: {
        parameters: {
            query?: {
                /** @description Only what belongs to this case: an article of it is cited for the record. */
                case?: string;
                /** @description What the actor is to the organisation. May be repeated: any of them. */
                type?: ("post" | "membership" | "ownership" | "part-of" | "successor") | ("post" | "membership" | "ownership" | "part-of" | "successor")[];
                /** @description Who holds the post or the share, or is the member, part or successor. */
                actor?: string;
                /** @description Where the post is; what is owned, joined or succeeded. */
                organisation?: string;
                /** @description Words of the post or tie; typing errors and accents do not matter. */
                role?: string;
                /** @description Held on or after this day, month or year (see `certainty`). */
                from?: string;
                /** @description Held on or before this day, month or year (see `certainty`). */
                to?: string;
                /** @description `possible` (standard): the date can lie between `from` and `to`; `certain`: it can lie nowhere else. */
                certainty?: "possible" | "certain";
                /** @description Sort by this, `-` before it for descending. Standard: `slug`. */
                sort?: "name" | "-name" | "slug" | "-slug" | "revision" | "-revision" | "during" | "-during";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `xlsx`, `parquet`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. All but `json` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or in another format than JSON the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AffiliationListed"][];
                        /** @description Cursor of the next page; null on the last. */
                        next: string | null;
                        /**
                         * Format: int64
                         * @description How many there are over all pages; only with `count=true`.
                         */
                        total?: number;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createAffiliation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Unique in its kind; usable wherever an id is. Without it, the server makes one from the name. */
                    slug?: string;
                    /**
                     * @default post
                     * @enum {string}
                     */
                    type?: "post" | "membership" | "ownership" | "part-of" | "successor";
                    /** @description Slug or id of a record; in a batch also `$name` of another item. */
                    actor: string;
                    /** @description Slug or id of a record; in a batch also `$name` of another item. */
                    organisation: string;
                    role: string;
                    /**
                     * @description Percentage, for `ownership` alone: a number, or words such as `a majority`.
                     * @default null
                     */
                    share?: (number | components["schemas"]["NewQuantity"]) | null;
                    /** @default null */
                    during?: components["schemas"]["NewStatedDate"] | null;
                    /**
                     * @description At least one passage that supports it.
                     * @default []
                     */
                    citations?: components["schemas"]["NewCitation"][];
                };
            };
        };
        responses: {
            /** @description The affiliation. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Affiliation"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAffiliation: {
        parameters: {
            query?: {
                /** @description As it was after this revision. */
                revision?: number;
                /** @description As it was at this instant, e.g. `2026-11-24T12:00:00Z`. */
                asOf?: string;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The affiliation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Affiliation"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retractAffiliation: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRetraction"];
            };
        };
        responses: {
            /** @description What is left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retracted"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateAffiliation: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The affiliation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Affiliation"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addAffiliationCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCitation"];
            };
        };
        responses: {
            /** @description The affiliation. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Affiliation"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAffiliationInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What `PATCH` of the affiliation can change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGoods: {
        parameters: {
            query?: {
                /** @description Only what belongs to this case: an article of it is cited for the record. */
                case?: string;
                /** @description Designation or a part of it; typing errors and accents do not matter. */
                designation?: string;
                /** @description Who makes it. */
                manufacturer?: string;
                /** @description The family that it belongs to, at any level. */
                family?: string;
                /** @description Control list, e.g. `EU ML`. */
                controlList?: string;
                /** @description Control list entry, or one that holds it: `ML15` finds `ML15d`. */
                controlCode?: string;
                /** @description Only goods that this permit covers. */
                permit?: string;
                /** @description Sort by this, `-` before it for descending. Standard: `name`. */
                sort?: "name" | "-name" | "slug" | "-slug" | "revision" | "-revision";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `xlsx`, `parquet`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. All but `json` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or in another format than JSON the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["GoodListed"][];
                        /** @description Cursor of the next page; null on the last. */
                        next: string | null;
                        /**
                         * Format: int64
                         * @description How many there are over all pages; only with `count=true`.
                         */
                        total?: number;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createGood: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Unique in its kind; usable wherever an id is. Without it, the server makes one from the name. */
                    slug?: string;
                    designation: string;
                    /** @default null */
                    description?: string | null;
                    /** @default null */
                    manufacturer?: string | null;
                    /** @default null */
                    family?: string | null;
                    /** @default [] */
                    controlEntries?: {
                        list: string;
                        code: string;
                    }[];
                    /**
                     * @description At least one passage that supports it.
                     * @default []
                     */
                    citations?: components["schemas"]["NewCitation"][];
                };
            };
        };
        responses: {
            /** @description The good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Good"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGood: {
        parameters: {
            query?: {
                /** @description As it was after this revision. */
                revision?: number;
                /** @description As it was at this instant, e.g. `2026-11-24T12:00:00Z`. */
                asOf?: string;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Good"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retractGood: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRetraction"];
            };
        };
        responses: {
            /** @description What is left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retracted"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateGood: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Good"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addGoodCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCitation"];
            };
        };
        responses: {
            /** @description The good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Good"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGoodInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What `PATCH` of the good can change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPermits: {
        parameters: {
            query?: {
                /** @description Only what belongs to this case: an article of it is cited for the record. */
                case?: string;
                /** @description What it allows. May be repeated: any of them. */
                type?: ("export" | "re-export" | "transit" | "brokering" | "temporary" | "open" | "technical-assistance" | "intangible") | ("export" | "re-export" | "transit" | "brokering" | "temporary" | "open" | "technical-assistance" | "intangible")[];
                /** @description The issuer's number. */
                number?: string;
                /** @description Who issued it. */
                issuer?: string;
                /** @description Who may export. */
                exporter?: string;
                /** @description Who receives the goods. */
                consignee?: string;
                /** @description Who will use the goods. */
                endUser?: string;
                /** @description The state they go to, or one of several. */
                destination?: string;
                /** @description A further party: broker, carrier, intermediary or manufacturer (with `partyRole`: in that role). */
                party?: string;
                /** @description Somebody, or the `party` that is named, has this role. May be repeated: any of them. */
                partyRole?: ("broker" | "carrier" | "intermediary" | "manufacturer" | "origin" | "transit-state") | ("broker" | "carrier" | "intermediary" | "manufacturer" | "origin" | "transit-state")[];
                /** @description The state where they are to stay in the end. */
                endDestination?: string;
                /** @description `true`: only where destination and end destination are both named and differ; `false`: only where they are the same. */
                reExport?: boolean;
                /** @description Covers this good, or one of this family at any level. */
                good?: string;
                /** @description Control list entry of an item, or one that holds it: `ML15` finds `ML15d`. */
                controlCode?: string;
                /** @description The value is in this currency (ISO 4217). */
                currency?: string;
                /** @description Some event concerns both the permit and this measure. */
                measure?: string;
                /** @description Status after the last event. May be repeated: any of them. */
                status?: ("issued" | "refused" | "suspended" | "cancelled" | "expired" | "annulled") | ("issued" | "refused" | "suspended" | "cancelled" | "expired" | "annulled")[];
                /** @description Issued on or after this day, month or year (see `certainty`). */
                from?: string;
                /** @description Issued on or before this day, month or year (see `certainty`). */
                to?: string;
                /** @description `possible` (standard): the date can lie between `from` and `to`; `certain`: it can lie nowhere else. */
                certainty?: "possible" | "certain";
                /** @description Sort by this, `-` before it for descending. Standard: `-issuedOn`. */
                sort?: "name" | "-name" | "slug" | "-slug" | "revision" | "-revision" | "issuedOn" | "-issuedOn" | "value" | "-value";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `xlsx`, `parquet`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. All but `json` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or in another format than JSON the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PermitListed"][];
                        /** @description Cursor of the next page; null on the last. */
                        next: string | null;
                        /**
                         * Format: int64
                         * @description How many there are over all pages; only with `count=true`.
                         */
                        total?: number;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPermit: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Unique in its kind; usable wherever an id is. Without it, the server makes one from the name. */
                    slug?: string;
                    title: string;
                    /** @default null */
                    type?: ("export" | "re-export" | "transit" | "brokering" | "temporary" | "open" | "technical-assistance" | "intangible") | null;
                    /** @default null */
                    number?: string | null;
                    /** @description Slug or id of a record; in a batch also `$name` of another item. */
                    issuer: string;
                    /** @default null */
                    exporter?: string | null;
                    /** @default null */
                    consignee?: string | null;
                    /** @default null */
                    endUser?: string | null;
                    /** @default null */
                    destination?: string | null;
                    /**
                     * @description All destinations where there are several; a single one may stand here or in `destination`.
                     * @default []
                     */
                    destinations?: string[];
                    /** @default null */
                    endDestination?: string | null;
                    /** @default [] */
                    parties?: {
                        /** @description Slug or id of a record; in a batch also `$name` of another item. */
                        actor: string;
                        /** @enum {string} */
                        role: "broker" | "carrier" | "intermediary" | "manufacturer" | "origin" | "transit-state";
                    }[];
                    /** @default null */
                    permitCount?: (number | components["schemas"]["NewQuantity"]) | null;
                    /** @default [] */
                    items?: {
                        /** @description Slug or id of a record; in a batch also `$name` of another item. */
                        good: string;
                        /** @default null */
                        quantity?: (number | components["schemas"]["NewQuantity"]) | null;
                        /** @default null */
                        unit?: string | null;
                        /** @default [] */
                        controlEntries?: {
                            list: string;
                            code: string;
                        }[];
                        /** @default null */
                        value?: components["schemas"]["NewMoney"] | null;
                    }[];
                    /** @default null */
                    value?: components["schemas"]["NewMoney"] | null;
                    /** @default null */
                    validUntil?: components["schemas"]["NewStatedDate"] | null;
                    /** @default null */
                    legalBasis?: string | null;
                    /** @default null */
                    exceptionRelied?: string | null;
                    /** @default null */
                    statedEndUse?: {
                        text: string;
                        /** @default null */
                        place?: (string | components["schemas"]["NewPlaceInRecord"]) | null;
                    } | null;
                    /** @default null */
                    restrictions?: string | null;
                    /**
                     * @description At least one passage that supports it.
                     * @default []
                     */
                    citations?: components["schemas"]["NewCitation"][];
                };
            };
        };
        responses: {
            /** @description The permit. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Permit"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPermit: {
        parameters: {
            query?: {
                /** @description As it was after this revision. */
                revision?: number;
                /** @description As it was at this instant, e.g. `2026-11-24T12:00:00Z`. */
                asOf?: string;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The permit. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Permit"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retractPermit: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRetraction"];
            };
        };
        responses: {
            /** @description What is left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retracted"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updatePermit: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The permit. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Permit"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addPermitCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCitation"];
            };
        };
        responses: {
            /** @description The permit. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Permit"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPermitInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What `PATCH` of the permit can change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMeasures: {
        parameters: {
            query?: {
                /** @description Only what belongs to this case: an article of it is cited for the record. */
                case?: string;
                /** @description Who imposed it. */
                imposer?: string;
                /** @description Against whom, also as one of several targets. */
                target?: string;
                /** @description Legal form. May be repeated: any of them. */
                legalForm?: ("embargo" | "suspension" | "presumptive-denial" | "other") | ("embargo" | "suspension" | "presumptive-denial" | "other")[];
                /** @description Status after the last event. May be repeated: any of them. */
                status?: ("in-force" | "suspended" | "lifted") | ("in-force" | "suspended" | "lifted")[];
                /** @description Words of the title; typing errors and accents do not matter. */
                title?: string;
                /** @description First imposed on or after this day, month or year (see `certainty`). */
                from?: string;
                /** @description First imposed on or before this day, month or year (see `certainty`). */
                to?: string;
                /** @description `possible` (standard): the date can lie between `from` and `to`; `certain`: it can lie nowhere else. */
                certainty?: "possible" | "certain";
                /** @description Sort by this, `-` before it for descending. Standard: `slug`. */
                sort?: "name" | "-name" | "slug" | "-slug" | "revision" | "-revision" | "imposedOn" | "-imposedOn";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `xlsx`, `parquet`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. All but `json` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or in another format than JSON the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["MeasureListed"][];
                        /** @description Cursor of the next page; null on the last. */
                        next: string | null;
                        /**
                         * Format: int64
                         * @description How many there are over all pages; only with `count=true`.
                         */
                        total?: number;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createMeasure: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Unique in its kind; usable wherever an id is. Without it, the server makes one from the name. */
                    slug?: string;
                    title: string;
                    /** @description Slug or id of a record; in a batch also `$name` of another item. */
                    imposer: string;
                    /** @description Slug or id of a record; in a batch also `$name` of another item. */
                    target: string;
                    /** @default [] */
                    targets?: string[];
                    /** @enum {string} */
                    legalForm: "embargo" | "suspension" | "presumptive-denial" | "other";
                    /** @default null */
                    legalInstrument?: string | null;
                    /** @default null */
                    scope?: string | null;
                    /** @default [] */
                    scopeItems?: {
                        /**
                         * @default covers
                         * @enum {string}
                         */
                        effect?: "covers" | "excludes";
                        /** @default null */
                        good?: string | null;
                        /** @default null */
                        list?: string | null;
                        /** @default null */
                        code?: string | null;
                    }[];
                    /** @default null */
                    statedEnd?: components["schemas"]["NewStatedDate"] | null;
                    /** @default null */
                    exceptions?: string | null;
                    /** @default null */
                    reason?: {
                        text: string;
                        /** @default null */
                        place?: (string | components["schemas"]["NewPlaceInRecord"]) | null;
                    } | null;
                    /**
                     * @description At least one passage that supports it.
                     * @default []
                     */
                    citations?: components["schemas"]["NewCitation"][];
                };
            };
        };
        responses: {
            /** @description The measure. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Measure"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMeasure: {
        parameters: {
            query?: {
                /** @description As it was after this revision. */
                revision?: number;
                /** @description As it was at this instant, e.g. `2026-11-24T12:00:00Z`. */
                asOf?: string;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The measure. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Measure"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retractMeasure: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRetraction"];
            };
        };
        responses: {
            /** @description What is left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retracted"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateMeasure: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The measure. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Measure"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addMeasureCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCitation"];
            };
        };
        responses: {
            /** @description The measure. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Measure"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMeasureInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What `PATCH` of the measure can change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Only what belongs to this case: an article of it is cited for the record. */
                case?: string;
                /** @description What happened. May be repeated: any of them. */
                type?: ("application" | "request" | "assurance" | "recommendation" | "permit-decision" | "measure-decision" | "delivery" | "transfer" | "use" | "report" | "inquiry" | "disclosure" | "statement" | "contract" | "payment" | "complaint" | "judgment" | "verification-visit" | "seizure" | "incident" | "vote" | "arrest") | ("application" | "request" | "assurance" | "recommendation" | "permit-decision" | "measure-decision" | "delivery" | "transfer" | "use" | "report" | "inquiry" | "disclosure" | "statement" | "contract" | "payment" | "complaint" | "judgment" | "verification-visit" | "seizure" | "incident" | "vote" | "arrest")[];
                /** @description This actor takes part (with `role`: in that role). */
                actor?: string;
                /** @description Somebody, or the `actor` that is named, takes part in this role. May be repeated: any of them. */
                role?: ("imposer" | "target" | "issuer" | "applicant" | "exporter" | "consignee" | "end-user" | "requester" | "addressee" | "assurer" | "author" | "speaker" | "reporter" | "investigator" | "discloser" | "supplier" | "user" | "opponent" | "subject" | "broker" | "carrier" | "transit-state" | "seller" | "buyer" | "claimant" | "defendant" | "court" | "inspector" | "victim" | "financier") | ("imposer" | "target" | "issuer" | "applicant" | "exporter" | "consignee" | "end-user" | "requester" | "addressee" | "assurer" | "author" | "speaker" | "reporter" | "investigator" | "discloser" | "supplier" | "user" | "opponent" | "subject" | "broker" | "carrier" | "transit-state" | "seller" | "buyer" | "claimant" | "defendant" | "court" | "inspector" | "victim" | "financier")[];
                /** @description Is about this good, or one of this family at any level. */
                good?: string;
                /** @description Concerns or changes this permit. */
                permit?: string;
                /** @description Concerns or changes this measure. */
                measure?: string;
                /** @description It happened there, or in a place that lies in it. */
                place?: string;
                /** @description Words of the title; typing errors and accents do not matter. */
                title?: string;
                /** @description Happened on or after this day, month or year (see `certainty`). */
                from?: string;
                /** @description Happened on or before this day, month or year (see `certainty`). */
                to?: string;
                /** @description `possible` (standard): the date can lie between `from` and `to`; `certain`: it can lie nowhere else. */
                certainty?: "possible" | "certain";
                /** @description Sort by this, `-` before it for descending. Standard: `on`. */
                sort?: "name" | "-name" | "slug" | "-slug" | "revision" | "-revision" | "on" | "-on";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `xlsx`, `parquet`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`, `geojson`. All but `json` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or in another format than JSON the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["EventListed"][];
                        /** @description Cursor of the next page; null on the last. */
                        next: string | null;
                        /**
                         * Format: int64
                         * @description How many there are over all pages; only with `count=true`.
                         */
                        total?: number;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                    "application/geo+json": components["schemas"]["GeoJsonFile"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Unique in its kind; usable wherever an id is. Without it, the server makes one from the name. */
                    slug?: string;
                    /** @enum {string} */
                    type: "application" | "request" | "assurance" | "recommendation" | "permit-decision" | "measure-decision" | "delivery" | "transfer" | "use" | "report" | "inquiry" | "disclosure" | "statement" | "contract" | "payment" | "complaint" | "judgment" | "verification-visit" | "seizure" | "incident" | "vote" | "arrest";
                    title: string;
                    /** @default null */
                    on?: components["schemas"]["NewStatedDate"] | null;
                    /** @default null */
                    description?: string | null;
                    /** @default null */
                    place?: (string | components["schemas"]["NewPlaceInRecord"]) | null;
                    /** @default [] */
                    participants?: {
                        /** @description Slug or id of a record; in a batch also `$name` of another item. */
                        actor: string;
                        /** @enum {string} */
                        role: "imposer" | "target" | "issuer" | "applicant" | "exporter" | "consignee" | "end-user" | "requester" | "addressee" | "assurer" | "author" | "speaker" | "reporter" | "investigator" | "discloser" | "supplier" | "user" | "opponent" | "subject" | "broker" | "carrier" | "transit-state" | "seller" | "buyer" | "claimant" | "defendant" | "court" | "inspector" | "victim" | "financier";
                    }[];
                    /** @default [] */
                    goods?: string[];
                    /**
                     * @description The good of an item becomes one of the `goods` by itself.
                     * @default []
                     */
                    items?: {
                        /** @description Slug or id of a record; in a batch also `$name` of another item. */
                        good: string;
                        /** @default null */
                        quantity?: (number | components["schemas"]["NewQuantity"]) | null;
                        /** @default null */
                        unit?: string | null;
                        /** @default null */
                        value?: components["schemas"]["NewMoney"] | null;
                    }[];
                    /** @default [] */
                    victims?: {
                        /** @enum {string} */
                        outcome: "killed" | "injured" | "missing" | "displaced" | "detained";
                        /** @default null */
                        who?: string | null;
                        /** @default null */
                        count?: (number | components["schemas"]["NewQuantity"]) | null;
                    }[];
                    /** @default [] */
                    about?: ({
                        /** @description Slug or id of a record; in a batch also `$name` of another item. */
                        permit: string;
                    } | {
                        /** @description Slug or id of a record; in a batch also `$name` of another item. */
                        measure: string;
                    })[];
                    /** @default [] */
                    effects?: ({
                        /** @description Slug or id of a record; in a batch also `$name` of another item. */
                        permit: string;
                        /** @enum {string} */
                        becomes: "issued" | "refused" | "amended" | "suspended" | "reinstated" | "cancelled" | "expired" | "annulled" | "upheld";
                    } | {
                        /** @description Slug or id of a record; in a batch also `$name` of another item. */
                        measure: string;
                        /** @enum {string} */
                        becomes: "imposed" | "amended" | "suspended" | "lifted";
                    })[];
                    /** @default null */
                    assurance?: {
                        /** @default null */
                        endUser?: string | null;
                        /** @default null */
                        place?: (string | components["schemas"]["NewPlaceInRecord"]) | null;
                        /** @default null */
                        use?: string | null;
                    } | null;
                    /**
                     * @description At least one passage that supports it.
                     * @default []
                     */
                    citations?: components["schemas"]["NewCitation"][];
                };
            };
        };
        responses: {
            /** @description The event. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEvent: {
        parameters: {
            query?: {
                /** @description As it was after this revision. */
                revision?: number;
                /** @description As it was at this instant, e.g. `2026-11-24T12:00:00Z`. */
                asOf?: string;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`, `geojson`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                    "application/geo+json": components["schemas"]["GeoJsonFile"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retractEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRetraction"];
            };
        };
        responses: {
            /** @description What is left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retracted"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addEventCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCitation"];
            };
        };
        responses: {
            /** @description The event. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEventInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What `PATCH` of the event can change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFigures: {
        parameters: {
            query?: {
                /** @description Only what belongs to this case: an article of it is cited for the record. */
                case?: string;
                /** @description What it counts. May be repeated: any of them. */
                measure?: ("licences" | "applications" | "refusals" | "suspensions" | "cancellations" | "licensed-value" | "refused-value" | "ordered-value" | "exported-value" | "units-licensed" | "units-exported") | ("licences" | "applications" | "refusals" | "suspensions" | "cancellations" | "licensed-value" | "refused-value" | "ordered-value" | "exported-value" | "units-licensed" | "units-exported")[];
                /** @description Whose licences or exports. */
                fromActor?: string;
                /** @description For or to whom. */
                toActor?: string;
                /** @description Is about this good, or one of this family at any level. */
                good?: string;
                /** @description Control list entry, or one that holds it: `ML10` finds `ML10a`. */
                controlCode?: string;
                /** @description The value is in this currency (ISO 4217). */
                currency?: string;
                /** @description Words of the title; typing errors and accents do not matter. */
                title?: string;
                /** @description Covers time on or after this day, month or year (see `certainty`). */
                from?: string;
                /** @description Covers time on or before this day, month or year (see `certainty`). */
                to?: string;
                /** @description `possible` (standard): the date can lie between `from` and `to`; `certain`: it can lie nowhere else. */
                certainty?: "possible" | "certain";
                /** @description Sort by this, `-` before it for descending. Standard: `-period`. */
                sort?: "name" | "-name" | "slug" | "-slug" | "revision" | "-revision" | "period" | "-period" | "value" | "-value";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `xlsx`, `parquet`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. All but `json` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or in another format than JSON the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["FigureListed"][];
                        /** @description Cursor of the next page; null on the last. */
                        next: string | null;
                        /**
                         * Format: int64
                         * @description How many there are over all pages; only with `count=true`.
                         */
                        total?: number;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createFigure: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Unique in its kind; usable wherever an id is. Without it, the server makes one from the name. */
                    slug?: string;
                    title: string;
                    /** @enum {string} */
                    measure: "licences" | "applications" | "refusals" | "suspensions" | "cancellations" | "licensed-value" | "refused-value" | "ordered-value" | "exported-value" | "units-licensed" | "units-exported";
                    /** @default null */
                    quantity?: (number | components["schemas"]["NewQuantity"]) | null;
                    /** @default null */
                    unit?: string | null;
                    /** @default null */
                    value?: components["schemas"]["NewMoney"] | null;
                    /** @default null */
                    from?: string | null;
                    /** @default null */
                    to?: string | null;
                    /** @default null */
                    good?: string | null;
                    /** @default [] */
                    controlEntries?: {
                        list: string;
                        code: string;
                    }[];
                    /** @default null */
                    category?: string | null;
                    /** @default null */
                    period?: components["schemas"]["NewStatedDate"] | null;
                    /** @default null */
                    scope?: string | null;
                    /**
                     * @description At least one passage that supports it.
                     * @default []
                     */
                    citations?: components["schemas"]["NewCitation"][];
                };
            };
        };
        responses: {
            /** @description The figure. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Figure"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFigure: {
        parameters: {
            query?: {
                /** @description As it was after this revision. */
                revision?: number;
                /** @description As it was at this instant, e.g. `2026-11-24T12:00:00Z`. */
                asOf?: string;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figure. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Figure"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retractFigure: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRetraction"];
            };
        };
        responses: {
            /** @description What is left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retracted"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateFigure: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The figure. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Figure"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addFigureCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCitation"];
            };
        };
        responses: {
            /** @description The figure. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Figure"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFigureInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What `PATCH` of the figure can change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPlaces: {
        parameters: {
            query?: {
                /** @description Only places that records of this case name. */
                case?: string;
                /** @description Name or another name, or a part of it; typing errors, case and accents do not matter. */
                name?: string;
                /** @description ISO 3166-1 alpha-2, e.g. `TR`. */
                country?: string;
                /** @description The place that it lies in. */
                within?: string;
                /** @description A number or code of the place, in any scheme. */
                identifier?: string;
                /** @description Sort by this, `-` before it for descending. Standard: `name`. */
                sort?: "name" | "-name" | "slug" | "-slug" | "revision" | "-revision";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `xlsx`, `parquet`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`, `geojson`. All but `json` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or in another format than JSON the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PlaceListed"][];
                        /** @description Cursor of the next page; null on the last. */
                        next: string | null;
                        /**
                         * Format: int64
                         * @description How many there are over all pages; only with `count=true`.
                         */
                        total?: number;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                    "application/geo+json": components["schemas"]["GeoJsonPlaces"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPlace: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Unique in its kind; usable wherever an id is. Without it, the server makes one from the name. */
                    slug?: string;
                    name: string;
                    /** @default [] */
                    otherNames?: {
                        name: string;
                        /** @default null */
                        language?: string | null;
                    }[];
                    /** @default null */
                    country?: string | null;
                    /**
                     * @description The place that it lies in.
                     * @default null
                     */
                    within?: string | null;
                    /** @default null */
                    latitude?: number | null;
                    /** @default null */
                    longitude?: number | null;
                    /** @default null */
                    coordinatesSource?: string | null;
                    /**
                     * @description E.g. `geonames` and `wikidata`.
                     * @default []
                     */
                    identifiers?: {
                        scheme: string;
                        value: string;
                    }[];
                    /** @description Where this reference data is from. */
                    source: string;
                    /**
                     * @description Passages that support it.
                     * @default []
                     */
                    citations?: components["schemas"]["NewCitation"][];
                };
            };
        };
        responses: {
            /** @description The place. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaceRecord"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPlace: {
        parameters: {
            query?: {
                /** @description As it was after this revision. */
                revision?: number;
                /** @description As it was at this instant, e.g. `2026-11-24T12:00:00Z`. */
                asOf?: string;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `jsonld`, `w3c-annotations`, `ftm`, `ftm-statements`, `geojson`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The place. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaceRecord"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                    "application/geo+json": components["schemas"]["GeoJsonPlaces"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retractPlace: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRetraction"];
            };
        };
        responses: {
            /** @description What is left. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retracted"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updatePlace: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The place. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaceRecord"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addPlaceCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCitation"];
            };
        };
        responses: {
            /** @description The place. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaceRecord"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPlaceInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What `PATCH` of the place can change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mergeActor: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMerge"];
            };
        };
        responses: {
            /** @description The one that stays. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Actor"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mergeGood: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMerge"];
            };
        };
        responses: {
            /** @description The one that stays. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Good"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mergePlace: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMerge"];
            };
        };
        responses: {
            /** @description The one that stays. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaceRecord"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getArticleBody: {
        parameters: {
            query?: {
                /** @description `true`: with the marked spans, as JSON. */
                citations?: boolean;
                /** @description Instead of the `Accept` header: `text`, `json`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text, or the text with its spans. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "application/json": components["schemas"]["MarkedBody"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getArticleSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, with the media type they came with. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    "text/plain": string;
                    "application/pdf": string;
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": string;
                    "*/*": string;
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateArticleSpans: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSpans"];
            };
        };
        responses: {
            /** @description The article. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCitations: {
        parameters: {
            query?: {
                /** @description Only passages of the articles of this case. */
                case?: string;
                /** @description Cited for this record: its id, or its slug, or `kind/slug` to tell apart. */
                record?: string;
                /** @description Cited for a record of this kind. May be repeated: any of them. */
                kind?: ("case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place") | ("case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place")[];
                /** @description Passages of this article. */
                article?: string;
                /** @description Supports this field or a part of it: `items`, `items.0.quantity`. */
                field?: string;
                /** @description This actor is in the chain of reported speech. */
                voice?: string;
                /** @description Whether the quote holds. May be repeated: any of them. */
                state?: ("anchored" | "orphaned") | ("anchored" | "orphaned")[];
                /** @description Sort by this, `-` before it for descending. Standard: `recorded`. */
                sort?: "recorded" | "-recorded" | "start" | "-start";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `xlsx`, `parquet`, `w3c-annotations`. All but `json` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or in another format than JSON the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Citation"][];
                        /** @description Cursor of the next page; null on the last. */
                        next: string | null;
                        /**
                         * Format: int64
                         * @description How many there are over all pages; only with `count=true`.
                         */
                        total?: number;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                    "application/ld+json": components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCitation: {
        parameters: {
            query?: {
                /** @description Instead of the `Accept` header: `json`, `csv`, `ndjson`, `w3c-annotations`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path: {
                /** @description UUIDv7. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The citation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Citation"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["AnnotationPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description UUIDv7. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record as it stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: uuid
                         * @description UUIDv7.
                         */
                        id: string;
                        /** @enum {string} */
                        kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateCitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the record as it was read. */
                "if-match"?: string;
            };
            path: {
                /** @description UUIDv7. */
                id: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The record as it stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: uuid
                         * @description UUIDv7.
                         */
                        id: string;
                        /** @enum {string} */
                        kind: "case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyCitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCaseCoverage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The count. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coverage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    writeBatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBatch"];
            };
        };
        responses: {
            /** @description What was written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCaseFile: {
        parameters: {
            query?: {
                /** @description As it was after this revision. */
                revision?: number;
                /** @description As it was at this instant, e.g. `2026-11-24T12:00:00Z`. */
                asOf?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The case. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseFile"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDossier: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dossier. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dossier"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRecordSummary: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUIDv7. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordSummary"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTimeline: {
        parameters: {
            query?: {
                /** @description Only what belongs to this case: an article of it is cited for the record. */
                case?: string;
                /** @description What happened. May be repeated: any of them. */
                type?: ("application" | "request" | "assurance" | "recommendation" | "permit-decision" | "measure-decision" | "delivery" | "transfer" | "use" | "report" | "inquiry" | "disclosure" | "statement" | "contract" | "payment" | "complaint" | "judgment" | "verification-visit" | "seizure" | "incident" | "vote" | "arrest") | ("application" | "request" | "assurance" | "recommendation" | "permit-decision" | "measure-decision" | "delivery" | "transfer" | "use" | "report" | "inquiry" | "disclosure" | "statement" | "contract" | "payment" | "complaint" | "judgment" | "verification-visit" | "seizure" | "incident" | "vote" | "arrest")[];
                /** @description This actor takes part (with `role`: in that role). */
                actor?: string;
                /** @description Somebody, or the `actor` that is named, takes part in this role. May be repeated: any of them. */
                role?: ("imposer" | "target" | "issuer" | "applicant" | "exporter" | "consignee" | "end-user" | "requester" | "addressee" | "assurer" | "author" | "speaker" | "reporter" | "investigator" | "discloser" | "supplier" | "user" | "opponent" | "subject" | "broker" | "carrier" | "transit-state" | "seller" | "buyer" | "claimant" | "defendant" | "court" | "inspector" | "victim" | "financier") | ("imposer" | "target" | "issuer" | "applicant" | "exporter" | "consignee" | "end-user" | "requester" | "addressee" | "assurer" | "author" | "speaker" | "reporter" | "investigator" | "discloser" | "supplier" | "user" | "opponent" | "subject" | "broker" | "carrier" | "transit-state" | "seller" | "buyer" | "claimant" | "defendant" | "court" | "inspector" | "victim" | "financier")[];
                /** @description Is about this good, or one of this family at any level. */
                good?: string;
                /** @description Concerns or changes this permit. */
                permit?: string;
                /** @description Concerns or changes this measure. */
                measure?: string;
                /** @description It happened there, or in a place that lies in it. */
                place?: string;
                /** @description Words of the title; typing errors and accents do not matter. */
                title?: string;
                /** @description Happened on or after this day, month or year (see `certainty`). */
                from?: string;
                /** @description Happened on or before this day, month or year (see `certainty`). */
                to?: string;
                /** @description `possible` (standard): the date can lie between `from` and `to`; `certain`: it can lie nowhere else. */
                certainty?: "possible" | "certain";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description `true`: also say how many there are in `total`. */
                count?: boolean;
                /** @description Instead of the `Accept` header. `csv`, `ndjson`, `timelinejs` (a file for TimelineJS 3) and `ics` (a calendar, RFC 5545) contain the whole timeline unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page as JSON, or the whole timeline in another format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.timelinejs+json": components["schemas"]["TimelineJs"];
                    "text/calendar": string;
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFindings: {
        parameters: {
            query?: {
                /** @description Only findings in which one of the two compared records belongs to this case. */
                case?: string;
                /** @description Only findings about this permit, about an assurance for it, or about a figure that counts it. */
                permit?: string;
                /** @description Only findings with this actor as issuer, exporter, consignee, end user, destination or end destination of the permit, as assurer or addressee of the assurance, or as user or recipient of the goods. */
                actor?: string;
                /** @description Found by this rule. May be repeated: any of them. */
                rule?: ("permit-under-measure" | "diversion" | "use-abroad" | "assurance-contradicted" | "same-theatre" | "reversal" | "re-export" | "delivery-without-permit" | "over-delivery" | "refused-elsewhere" | "offshore-supply" | "figures-disagree") | ("permit-under-measure" | "diversion" | "use-abroad" | "assurance-contradicted" | "same-theatre" | "reversal" | "re-export" | "delivery-without-permit" | "over-delivery" | "refused-elsewhere" | "offshore-supply" | "figures-disagree")[];
                /** @description Only findings of this certainty. */
                certainty?: "certain" | "possible";
                /** @description Entries of a page, 1 to 200; standard 50. All formats but JSON give all when it is absent. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description Instead of the `Accept` header. `csv` and `ndjson` are streamed, whole unless `limit` is given. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description Rows of a table: `citations` gives one row for each citation of each record of a finding, with all its members. Default `findings`. */
                rows?: "findings" | "citations";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. Without `limit`, CSV and NDJSON contain the whole list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Finding"][];
                        /** @description Cursor of the next page. Null on the last page. A page can be shorter than its limit, or empty, without being the last: follow `next`. */
                        next: string | null;
                    };
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFinding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of a finding in the list. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The finding. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Finding"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFindingsRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules, in the order of their findings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["FindingRule"][];
                    };
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSearch: {
        parameters: {
            query: {
                /** @description Words that a record must contain. `"in quotes"`: a phrase. `or`: either side. `-word`: exclude. Accents, case and the English plural do not matter. */
                q: string;
                /** @description Only records of this kind. May be repeated: any of them. */
                kind?: ("case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place") | ("case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place")[];
                /** @description Only records that belong to this case: slug or id. */
                case?: string;
                /** @description Only records whose date can lie in this year. */
                year?: number;
                /** @description Hits per page, 1 to 100. Default: 20. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Hits, and counts of all matching records. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchAnswer"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNetwork: {
        parameters: {
            query?: {
                /** @description Start from this actor. */
                actor?: string;
                /** @description Start from this good. */
                good?: string;
                /** @description Start from this permit. */
                permit?: string;
                /** @description Start from this measure. */
                measure?: string;
                /** @description The connections that the records of this case state; `depth` does not apply. */
                case?: string;
                /** @description Steps from the start, 1 to 4. Default: 1. */
                depth?: number;
                /** @description Maximum number of nodes, 2 to 500. Default: 100. */
                limit?: number;
                /** @description Instead of the `Accept` header: `gexf` (Gephi), `graphml` (Cytoscape, yEd, igraph), `dot` (Graphviz). */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The network. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Network"];
                    "application/gexf+xml": string;
                    "application/graphml+xml": string;
                    "text/vnd.graphviz": string;
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listNetworkPaths: {
        parameters: {
            query: {
                /** @description One end: the slug or id of an actor, or `good/`, `permit/` or `measure/` followed by a slug or id. */
                from: string;
                /** @description The other end, in the same form. */
                to: string;
                /** @description Maximum number of edges of a path, 1 to 6. Default: 4. */
                maxLength?: number;
                /** @description Maximum number of paths, 1 to 50. Default: 10. */
                limit?: number;
                /** @description Instead of the `Accept` header: `gexf` (Gephi), `graphml` (Cytoscape, yEd, igraph), `dot` (Graphviz). */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The paths. Empty when there is no connection. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Paths"];
                    "application/gexf+xml": string;
                    "application/graphml+xml": string;
                    "text/vnd.graphviz": string;
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCaseExport: {
        parameters: {
            query?: {
                /** @description Instead of the `Accept` header: `ndjson`, `jsonld`, `ftm`, `ftm-statements`, `w3c-annotations`, `geojson`, `bibtex`, `csl-json`, `timelinejs`, `ics`, `gexf`, `graphml`, `dot`, `csv`, `xlsx`, `parquet`. */
                format?: "json" | "ndjson" | "csv" | "xlsx" | "parquet" | "text" | "html" | "timelinejs" | "ics" | "gexf" | "graphml" | "dot" | "zip" | "jsonld" | "w3c-annotations" | "geojson" | "bibtex" | "csl-json" | "ftm" | "ftm-statements";
                /** @description `true`: each CSV file begins with a byte order mark, so that Excel reads it as UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "application/ld+json": components["schemas"]["JsonLdFile"] | components["schemas"]["AnnotationPage"];
                    "text/csv": string;
                    "application/geo+json": components["schemas"]["GeoJsonFile"];
                    "application/x-bibtex": string;
                    "application/vnd.citationstyles.csl+json": components["schemas"]["CslItem"][];
                    "application/vnd.timelinejs+json": components["schemas"]["TimelineJs"];
                    "text/calendar": string;
                    "application/gexf+xml": string;
                    "application/graphml+xml": string;
                    "text/vnd.graphviz": string;
                    "application/zip": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getContextJsonld: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The context. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/ld+json": {
                        "@context": {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCaseBundle: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bundle. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBundleSchemaJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schema. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": {
                        [key: string]: unknown;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reconcile: {
        parameters: {
            query?: {
                /** @description A batch of queries, as JSON. */
                queries?: string;
                /** @description The entities and properties to fetch values for, as JSON. */
                extend?: string;
                /** @description Name of a function to call with the answer, which then is a script (JSONP). */
                callback?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The manifest, candidates, or values. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconcileManifest"] | components["schemas"]["ReconcileExtension"] | components["schemas"]["ReconcileResults"];
                    "text/javascript": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reconcileBatch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @description A batch of queries, as JSON. */
                    queries?: string;
                    /** @description The entities and properties to fetch values for, as JSON. */
                    extend?: string;
                };
            };
        };
        responses: {
            /** @description The manifest, candidates, or values. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconcileManifest"] | components["schemas"]["ReconcileExtension"] | components["schemas"]["ReconcileResults"];
                    "text/javascript": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReconcilePreview: {
        parameters: {
            query: {
                /** @description Identifier of an entity, a type or a property. */
                id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainReconciliationFeature: {
        parameters: {
            query: {
                /** @description Identifier of an entity, a type or a property. */
                id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReconcileSuggestEntity: {
        parameters: {
            query: {
                /** @description Name of a function to call with the answer, which then is a script (JSONP). */
                callback?: string;
                /** @description The text typed so far: the beginning of a name, or an id. */
                prefix: string;
                /** @description Number of suggestions to skip. */
                cursor?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The most cited first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        result: {
                            id: string;
                            name: string;
                            description: string;
                            notable: {
                                id: string;
                                name: string;
                            }[];
                        }[];
                    };
                    "text/javascript": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    suggestReconciliationTypes: {
        parameters: {
            query: {
                /** @description Name of a function to call with the answer, which then is a script (JSONP). */
                callback?: string;
                /** @description The text typed so far: the beginning of a name, or an id. */
                prefix: string;
                /** @description Number of suggestions to skip. */
                cursor?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Types, as they are listed in the documentation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        result: components["schemas"]["ReconcileType"][];
                    };
                    "text/javascript": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    suggestReconciliationProperties: {
        parameters: {
            query: {
                /** @description Name of a function to call with the answer, which then is a script (JSONP). */
                callback?: string;
                /** @description The text typed so far: the beginning of a name, or an id. */
                prefix: string;
                /** @description Number of suggestions to skip. */
                cursor?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Properties. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        result: components["schemas"]["ReconcileProperty"][];
                    };
                    "text/javascript": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReconcileFlyoutEntity: {
        parameters: {
            query: {
                /** @description Identifier of an entity, a type or a property. */
                id: string;
                /** @description Name of a function to call with the answer, which then is a script (JSONP). */
                callback?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The HTML. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        html: string;
                    };
                    "text/javascript": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReconcileFlyoutType: {
        parameters: {
            query: {
                /** @description Identifier of an entity, a type or a property. */
                id: string;
                /** @description Name of a function to call with the answer, which then is a script (JSONP). */
                callback?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The HTML. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        html: string;
                    };
                    "text/javascript": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReconcileFlyoutProperty: {
        parameters: {
            query: {
                /** @description Identifier of an entity, a type or a property. */
                id: string;
                /** @description Name of a function to call with the answer, which then is a script (JSONP). */
                callback?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The HTML. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        html: string;
                    };
                    "text/javascript": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proposeReconciliationProperties: {
        parameters: {
            query?: {
                /** @description Name of a function to call with the answer, which then is a script (JSONP). */
                callback?: string;
                /** @description Only properties of this type. */
                type?: string;
                /** @description Maximum number of suggestions. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Properties. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        type: string;
                        /** Format: int64 */
                        limit?: number;
                        properties: {
                            id: string;
                            name: string;
                        }[];
                    };
                    "text/javascript": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReferenceStates: {
        parameters: {
            query?: {
                /** @description A name or code in any of its spellings: `Türkiye`, `TUR`, `Korea, South`. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The states; with `name` the one that it means, or none. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReferenceStateList"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReferenceControlLists: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ControlListList"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReferenceOrganisations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReferenceOrganisationList"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReferenceOrganisation: {
        parameters: {
            query?: {
                /** @description Only the members on this date (EDTF), e.g. `2020-05`. */
                on?: string;
            };
            header?: never;
            path: {
                /** @description Code of the organisation, e.g. `EU`. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The organisation and its members. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganisationMembers"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMeasureBoundStates: {
        parameters: {
            query?: {
                /** @description The states bound on this date (EDTF); else while it was in force. */
                on?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The states. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoundStates"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listArticleProposals: {
        parameters: {
            query?: {
                /** @description Only proposals in this state. Default: `open`, those not decided. */
                state?: "open" | "known" | "accepted" | "rejected" | "merged" | "all";
                /** @description Only drafts of this kind. */
                kind?: "actor" | "affiliation" | "good" | "permit" | "measure" | "event";
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proposals. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposals"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addArticleProposal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProposals"];
            };
        };
        responses: {
            /** @description What became of each draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmissionResult"];
                };
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acceptProposal: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Stable: the same each time the article is read. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAcceptance"];
            };
        };
        responses: {
            /** @description The decision and its record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reviewed"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rejectProposal: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Stable: the same each time the article is read. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRejection"];
            };
        };
        responses: {
            /** @description The decision and its record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reviewed"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mergeProposal: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the same answer for 24 hours. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Stable: the same each time the article is read. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProposalMerge"];
            };
        };
        responses: {
            /** @description The decision and its record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reviewed"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChanges: {
        parameters: {
            query?: {
                /** @description Changes after this revision. 0: all changes. */
                since?: string;
                /** @description Only changes of records of this kind. May be repeated. */
                kinds?: ("case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place") | ("case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place")[];
                /** @description Only changes of records that belong to this case. */
                case?: string;
                /** @description Entries per page, 1 to 1000. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangesPage"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamChanges: {
        parameters: {
            query?: {
                /** @description Changes after this revision. Default: from now on. */
                since?: string;
                /** @description Only changes of records of this kind. May be repeated. */
                kinds?: ("case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place") | ("case" | "article" | "actor" | "affiliation" | "good" | "permit" | "measure" | "event" | "figure" | "place")[];
            };
            header?: {
                /** @description Continue after this revision. Takes precedence over `since`. */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events named `revision`. Their data is `{"revision", "changes": [RecordChange]}`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLedgerHead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest revision. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerHead"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportLedger: {
        parameters: {
            query?: {
                /** @description Only revisions after this one. */
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The revisions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCaseHistory: {
        parameters: {
            query?: {
                /** @description Entries per page, 1 to 1000. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getArticleHistory: {
        parameters: {
            query?: {
                /** @description Entries per page, 1 to 1000. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getActorHistory: {
        parameters: {
            query?: {
                /** @description Entries per page, 1 to 1000. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAffiliationHistory: {
        parameters: {
            query?: {
                /** @description Entries per page, 1 to 1000. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGoodHistory: {
        parameters: {
            query?: {
                /** @description Entries per page, 1 to 1000. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPermitHistory: {
        parameters: {
            query?: {
                /** @description Entries per page, 1 to 1000. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMeasureHistory: {
        parameters: {
            query?: {
                /** @description Entries per page, 1 to 1000. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEventHistory: {
        parameters: {
            query?: {
                /** @description Entries per page, 1 to 1000. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFigureHistory: {
        parameters: {
            query?: {
                /** @description Entries per page, 1 to 1000. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPlaceHistory: {
        parameters: {
            query?: {
                /** @description Entries per page, 1 to 1000. */
                limit?: number;
                /** @description `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listArticleNearDuplicates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The copies, with their shares of common text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NearDuplicates"];
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getArticlePage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug or id of a record. */
                ref: string;
                /** @description The number of the page, from 1. */
                page: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                    "image/jpeg": string;
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Merged into the record at `Location`. */
            308: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRegister: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["RegisterFormInput"];
            };
        };
        responses: {
            /** @description What the import did, or would do. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisterImport"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEntrance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The links. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entrance"];
                    "text/html": string;
                };
            };
            /** @description Unchanged since the response of `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProblems: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All problem codes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ProblemKind"][];
                    };
                    "text/html": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProblem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The last part of a `type`, e.g. `not-found`. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The explanation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemKind"];
                    "text/html": string;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
