"""Every name that telemetry uses: spans, attributes, events and metrics.

The ``gen_ai.*`` names live here because the core conventions package marks
them deprecated (they moved to a repository of their own), and the application's
own names have the prefix ``stillgreen.``. How a constant begins says what it is:
``SPAN_`` a span's name or its first word, ``EVENT_`` an event's name,
``METRIC_`` an instrument, ``OP_`` a value of ``gen_ai.operation.name``, ``OI_``
a value of ``openinference.span.kind``; every other string is an attribute key.
A test fails on an emitted key that is not in ``known_keys()``.
"""

from __future__ import annotations

from typing import Final

# --- Span names. "chat" is written as f"{SPAN_CHAT} {model}", and so on. -----------------
SPAN_INVOKE_WORKFLOW: Final = "invoke_workflow"  # + workflow name, e.g. finance_qa
SPAN_INVOKE_AGENT: Final = "invoke_agent"  # + agent name
SPAN_PLAN: Final = "plan"  # + agent name
SPAN_CHAT: Final = "chat"  # + requested model
SPAN_EXECUTE_TOOL: Final = "execute_tool"  # + tool name
SPAN_RETRIEVAL: Final = "retrieval"  # + collection
SPAN_EMBEDDINGS: Final = "embeddings"  # + embedding model
SPAN_QUERY: Final = "query"  # + collection (the vector index)
SPAN_SELECT: Final = "SELECT"  # + table (the ledger)
SPAN_INTENT: Final = "stillgreen.intent"
SPAN_FILTER: Final = "stillgreen.filter"
SPAN_LEXICAL: Final = "stillgreen.lexical"
SPAN_RERANK: Final = "stillgreen.rerank"
SPAN_CONTEXT: Final = "stillgreen.context"
SPAN_MEMORY: Final = "stillgreen.memory"
SPAN_SAFETY: Final = "stillgreen.safety"
SPAN_ESCALATION: Final = "stillgreen.escalation"

WORKFLOW_FINANCE_QA: Final = "finance_qa"

# --- Events ------------------------------------------------------------------------------
EVENT_EVALUATION_RESULT: Final = "gen_ai.evaluation.result"  # one per check on an answer
EVENT_FALLBACK: Final = "stillgreen.fallback"  # a second way was taken, and why
EVENT_RETRY: Final = "stillgreen.retry"  # a call is made again, and why
EVENT_EXCEPTION: Final = "exception"  # recorded by the SDK

# --- Values of gen_ai.operation.name -----------------------------------------------------
OP_INVOKE_WORKFLOW: Final = "invoke_workflow"
OP_INVOKE_AGENT: Final = "invoke_agent"
OP_PLAN: Final = "plan"
OP_CHAT: Final = "chat"
OP_EXECUTE_TOOL: Final = "execute_tool"
OP_RETRIEVAL: Final = "retrieval"
OP_EMBEDDINGS: Final = "embeddings"

# --- Values of openinference.span.kind ---------------------------------------------------
OI_CHAIN: Final = "CHAIN"
OI_AGENT: Final = "AGENT"
OI_LLM: Final = "LLM"
OI_TOOL: Final = "TOOL"
OI_RETRIEVER: Final = "RETRIEVER"
OI_EMBEDDING: Final = "EMBEDDING"
OI_RERANKER: Final = "RERANKER"
OI_EVALUATOR: Final = "EVALUATOR"
OI_GUARDRAIL: Final = "GUARDRAIL"

# --- Attributes: generative AI conventions -----------------------------------------------
GEN_AI_OPERATION_NAME: Final = "gen_ai.operation.name"
GEN_AI_PROVIDER_NAME: Final = "gen_ai.provider.name"
GEN_AI_WORKFLOW_NAME: Final = "gen_ai.workflow.name"
GEN_AI_CONVERSATION_ID: Final = "gen_ai.conversation.id"
GEN_AI_AGENT_NAME: Final = "gen_ai.agent.name"
GEN_AI_AGENT_ID: Final = "gen_ai.agent.id"
GEN_AI_AGENT_DESCRIPTION: Final = "gen_ai.agent.description"
GEN_AI_AGENT_VERSION: Final = "gen_ai.agent.version"
GEN_AI_PROMPT_NAME: Final = "gen_ai.prompt.name"
GEN_AI_OUTPUT_TYPE: Final = "gen_ai.output.type"  # text or json
# what was asked of the model
GEN_AI_REQUEST_MODEL: Final = "gen_ai.request.model"
GEN_AI_REQUEST_MAX_TOKENS: Final = "gen_ai.request.max_tokens"
GEN_AI_REQUEST_TEMPERATURE: Final = "gen_ai.request.temperature"
GEN_AI_REQUEST_TOP_P: Final = "gen_ai.request.top_p"
GEN_AI_REQUEST_SEED: Final = "gen_ai.request.seed"
GEN_AI_REQUEST_STREAM: Final = "gen_ai.request.stream"
GEN_AI_REQUEST_TOP_K: Final = "gen_ai.request.top_k"
# what the model gave back
GEN_AI_RESPONSE_ID: Final = "gen_ai.response.id"
GEN_AI_RESPONSE_MODEL: Final = "gen_ai.response.model"
GEN_AI_RESPONSE_FINISH_REASONS: Final = "gen_ai.response.finish_reasons"  # list
GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: Final = "gen_ai.response.time_to_first_chunk"  # seconds
RESPONSE_CONFIDENCE: Final = "stillgreen.response.confidence"  # from token probabilities, 0 to 1
GEN_AI_USAGE_INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
GEN_AI_USAGE_OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"
# content; set only through SpanHandle.content()
GEN_AI_INPUT_MESSAGES: Final = "gen_ai.input.messages"
GEN_AI_OUTPUT_MESSAGES: Final = "gen_ai.output.messages"
GEN_AI_SYSTEM_INSTRUCTIONS: Final = "gen_ai.system_instructions"
GEN_AI_TOOL_DEFINITIONS: Final = "gen_ai.tool.definitions"
GEN_AI_TOOL_CALL_ARGUMENTS: Final = "gen_ai.tool.call.arguments"
GEN_AI_TOOL_CALL_RESULT: Final = "gen_ai.tool.call.result"
GEN_AI_RETRIEVAL_QUERY_TEXT: Final = "gen_ai.retrieval.query.text"
# tools
GEN_AI_TOOL_NAME: Final = "gen_ai.tool.name"
GEN_AI_TOOL_TYPE: Final = "gen_ai.tool.type"
GEN_AI_TOOL_DESCRIPTION: Final = "gen_ai.tool.description"
GEN_AI_TOOL_CALL_ID: Final = "gen_ai.tool.call.id"
# retrieval and embeddings
GEN_AI_DATA_SOURCE_ID: Final = "gen_ai.data_source.id"
GEN_AI_RETRIEVAL_TOP_K: Final = "gen_ai.retrieval.top_k"
GEN_AI_RETRIEVAL_DOCUMENTS: Final = "gen_ai.retrieval.documents"  # JSON [{"id", "score"}]
GEN_AI_EMBEDDINGS_DIMENSION_COUNT: Final = "gen_ai.embeddings.dimension.count"
# evaluation results (on EVENT_EVALUATION_RESULT)
GEN_AI_EVALUATION_NAME: Final = "gen_ai.evaluation.name"
GEN_AI_EVALUATION_SCORE_VALUE: Final = "gen_ai.evaluation.score.value"
GEN_AI_EVALUATION_SCORE_LABEL: Final = "gen_ai.evaluation.score.label"
GEN_AI_EVALUATION_EXPLANATION: Final = "gen_ai.evaluation.explanation"
# metrics only
GEN_AI_TOKEN_TYPE: Final = "gen_ai.token.type"  # noqa: S105 - a name, no secret

# --- Attributes: OpenInference, so that Phoenix draws what it knows ----------------------
OPENINFERENCE_SPAN_KIND: Final = "openinference.span.kind"
INPUT_VALUE: Final = "input.value"  # content
OUTPUT_VALUE: Final = "output.value"  # content
SESSION_ID: Final = "session.id"
USER_ID: Final = "user.id"  # a pseudonym, never the caller's own value

# --- Attributes: databases (Chroma and the ledger) ---------------------------------------
DB_SYSTEM_NAME: Final = "db.system.name"  # chroma or sqlite
DB_COLLECTION_NAME: Final = "db.collection.name"
DB_NAMESPACE: Final = "db.namespace"
DB_OPERATION_NAME: Final = "db.operation.name"
DB_QUERY_SUMMARY: Final = "db.query.summary"
DB_QUERY_TEXT: Final = "db.query.text"  # with placeholders, never with values
DB_RESPONSE_RETURNED_ROWS: Final = "db.response.returned_rows"

# --- Attributes: process metrics --------------------------------------------------------
CPU_MODE: Final = "cpu.mode"  # user or system

# --- Attributes: errors ------------------------------------------------------------------
ERROR_TYPE: Final = "error.type"
EXCEPTION_TYPE: Final = "exception.type"
EXCEPTION_MESSAGE: Final = "exception.message"
EXCEPTION_STACKTRACE: Final = "exception.stacktrace"
EXCEPTION_ESCAPED: Final = "exception.escaped"

# --- Attributes: HTTP, set by the FastAPI and httpx instrumentations ---------------------
HTTP_REQUEST_METHOD: Final = "http.request.method"
HTTP_REQUEST_METHOD_ORIGINAL: Final = "http.request.method_original"
HTTP_RESPONSE_STATUS_CODE: Final = "http.response.status_code"
HTTP_ROUTE: Final = "http.route"
URL_FULL: Final = "url.full"
URL_PATH: Final = "url.path"
URL_QUERY: Final = "url.query"
URL_SCHEME: Final = "url.scheme"
URL_TEMPLATE: Final = "url.template"  # e.g. /invoices/{invoice_id}
SERVER_ADDRESS: Final = "server.address"
SERVER_PORT: Final = "server.port"
CLIENT_ADDRESS: Final = "client.address"
CLIENT_PORT: Final = "client.port"
NETWORK_PEER_ADDRESS: Final = "network.peer.address"
NETWORK_PEER_PORT: Final = "network.peer.port"
NETWORK_PROTOCOL_NAME: Final = "network.protocol.name"
NETWORK_PROTOCOL_VERSION: Final = "network.protocol.version"
USER_AGENT_ORIGINAL: Final = "user_agent.original"

# --- Attributes: the request as a whole (on invoke_workflow) -----------------------------
REQUEST_ID: Final = "stillgreen.request.id"
QUESTION_LENGTH: Final = "stillgreen.question.length"  # characters
QUESTION_LANGUAGE: Final = "stillgreen.question.language"
ANSWER_LENGTH: Final = "stillgreen.answer.length"  # characters
ANSWER_ABSTAINED: Final = "stillgreen.answer.abstained"  # bool: "I could not find …"
ANSWER_CONFIDENCE: Final = "stillgreen.answer.confidence"  # 0 to 1
AGENT_PATH: Final = "stillgreen.agent.path"  # list of agent names, in order
AGENT_COUNT: Final = "stillgreen.agent.count"
AGENT_STEPS: Final = "stillgreen.agent.steps"  # model and tool calls of one agent
TOOL_COUNT: Final = "stillgreen.tool.count"
MODEL_CALLS: Final = "stillgreen.model.calls"
EXCEPTION_COUNT: Final = "stillgreen.exception.count"  # handled ones included
COST_USD: Final = "stillgreen.cost.usd"  # on chat: the call; on agents and workflow: the sum
FALLBACK_USED: Final = "stillgreen.fallback.used"  # bool
FALLBACK_REASON: Final = "stillgreen.fallback.reason"
RETRY_COUNT: Final = "stillgreen.retry.count"
RETRY_REASON: Final = "stillgreen.retry.reason"  # on EVENT_RETRY
STEP_LIMIT_REACHED: Final = "stillgreen.step_limit.reached"  # bool

# --- Attributes: intent and entities -----------------------------------------------------
INTENT_LABEL: Final = "stillgreen.intent.label"
INTENT_CONFIDENCE: Final = "stillgreen.intent.confidence"
INTENT_ALTERNATIVES: Final = "stillgreen.intent.alternatives"  # JSON {label: confidence}
ENTITY_COUNT: Final = "stillgreen.entity.count"
ENTITY_IDS: Final = "stillgreen.entity.ids"  # list
ENTITY_KINDS: Final = "stillgreen.entity.kinds"  # list

# --- Attributes: routing -----------------------------------------------------------------
ROUTE_NAME: Final = "stillgreen.route.name"
ROUTE_CONFIDENCE: Final = "stillgreen.route.confidence"
ROUTE_ALTERNATIVES: Final = "stillgreen.route.alternatives"  # JSON {route: confidence}
ROUTE_AGENTS: Final = "stillgreen.route.agents"  # list: the agents that the route calls
ROUTE_THOROUGH: Final = "stillgreen.route.thorough"  # bool: call every tool that can be
ROUTE_SHORT: Final = "stillgreen.route.short"  # bool: the short way was taken

# --- Attributes: what an agent was handed over (on invoke_agent) --------------------------
HANDOFF_ENTITIES: Final = "stillgreen.handoff.entities"  # how many
HANDOFF_PASSAGES: Final = "stillgreen.handoff.passages"  # how many
HANDOFF_RECORDS: Final = "stillgreen.handoff.records"  # how many
HANDOFF_EVIDENCE: Final = "stillgreen.handoff.evidence"  # list: sources that a draft came with

# --- Attributes: retrieval ---------------------------------------------------------------
RETRIEVAL_CANDIDATES: Final = "stillgreen.retrieval.candidates"
RETRIEVAL_RETURNED: Final = "stillgreen.retrieval.returned"
RETRIEVAL_TOP1_SIMILARITY: Final = "stillgreen.retrieval.top1_similarity"  # cosine
RETRIEVAL_MEAN_SIMILARITY: Final = "stillgreen.retrieval.mean_similarity"
RETRIEVAL_SIMILARITIES: Final = "stillgreen.retrieval.similarities"  # list, result order
RETRIEVAL_SCORES: Final = "stillgreen.retrieval.scores"  # list, result order
RETRIEVAL_CHUNK_IDS: Final = "stillgreen.retrieval.chunk_ids"  # list
RETRIEVAL_DOCUMENT_IDS: Final = "stillgreen.retrieval.document_ids"  # list
RETRIEVAL_DOCUMENT_TYPES: Final = "stillgreen.retrieval.document_types"  # list
RETRIEVAL_VENDOR_IDS: Final = "stillgreen.retrieval.vendor_ids"  # list
RETRIEVAL_CHUNK_TOKENS: Final = "stillgreen.retrieval.chunk_tokens"  # list
RETRIEVAL_DISTINCT_DOCUMENTS: Final = "stillgreen.retrieval.distinct_documents"
RETRIEVAL_DUPLICATE_SHARE: Final = "stillgreen.retrieval.duplicate_share"  # 0 to 1
RETRIEVAL_CHUNK_TEXTS: Final = "stillgreen.retrieval.chunk_texts"  # content, JSON
INDEX_SIZE: Final = "stillgreen.index.size"  # chunks in the collection
QUERY_LENGTH: Final = "stillgreen.query.length"  # characters of the search query
QUERY_TOP_SCORE: Final = "stillgreen.query.top_score"  # best similarity of the returned rows
QUERY_MEAN_SCORE: Final = "stillgreen.query.mean_score"  # their mean similarity

FILTER_PREDICATE: Final = "stillgreen.filter.predicate"  # JSON; "{}" when there is none
FILTER_APPLIED: Final = "stillgreen.filter.applied"  # bool
FILTER_ROWS_IN: Final = "stillgreen.filter.rows_in"
FILTER_ROWS_OUT: Final = "stillgreen.filter.rows_out"

LEXICAL_RETURNED: Final = "stillgreen.lexical.returned"
LEXICAL_TOP_SCORE: Final = "stillgreen.lexical.top_score"

RERANK_MODEL: Final = "stillgreen.rerank.model"
RERANK_INPUT_COUNT: Final = "stillgreen.rerank.input_count"
RERANK_SCORES_BEFORE: Final = "stillgreen.rerank.scores_before"  # list, in the old order
RERANK_SCORES_AFTER: Final = "stillgreen.rerank.scores_after"  # list, in the new order
RERANK_MARGIN: Final = "stillgreen.rerank.margin"  # first score less the second
RERANK_RANK_CHANGES: Final = "stillgreen.rerank.rank_changes"  # list: old rank by new rank
RERANK_CORRELATION: Final = "stillgreen.rerank.correlation"  # Spearman, before against after

# --- Attributes: context -----------------------------------------------------------------
CONTEXT_OFFERED: Final = "stillgreen.context.offered"  # passages
CONTEXT_KEPT: Final = "stillgreen.context.kept"
CONTEXT_TOKENS: Final = "stillgreen.context.tokens"
CONTEXT_BUDGET: Final = "stillgreen.context.budget"  # tokens
CONTEXT_TRUNCATED: Final = "stillgreen.context.truncated"  # bool
CONTEXT_OLDEST_AGE_DAYS: Final = "stillgreen.context.oldest_age_days"
CONTEXT_NEWEST_AGE_DAYS: Final = "stillgreen.context.newest_age_days"
CONTEXT_SOURCES: Final = "stillgreen.context.sources"  # list of document ids, as shown
CONTEXT_DOCUMENT_TYPES: Final = "stillgreen.context.document_types"  # list
CONTEXT_TEXT: Final = "stillgreen.context.text"  # content

# --- Attributes: tools -------------------------------------------------------------------
TOOL_FOUND: Final = "stillgreen.tool.found"  # bool: was there anything
TOOL_RESULT_SIZE: Final = "stillgreen.tool.result_size"  # characters of JSON
TOOL_RESULT_ROWS: Final = "stillgreen.tool.result_rows"
TOOL_ARGUMENT_NAMES: Final = "stillgreen.tool.argument_names"  # list; values are content

# --- Attributes: memory ------------------------------------------------------------------
MEMORY_TURNS: Final = "stillgreen.memory.turns"  # recalled
MEMORY_ENTITIES: Final = "stillgreen.memory.entities"  # list of ids taken over
MEMORY_USED: Final = "stillgreen.memory.used"  # bool: the question leaned on earlier turns

# --- Attributes: validation, citations, groundedness -------------------------------------
VALIDATION_VERDICT: Final = "stillgreen.validation.verdict"
VALIDATION_GROUNDEDNESS: Final = "stillgreen.validation.groundedness"  # 0 to 1
VALIDATION_HALLUCINATION_RISK: Final = "stillgreen.validation.hallucination_risk"  # 0 to 1
VALIDATION_CLAIMS: Final = "stillgreen.validation.claims"
VALIDATION_CLAIMS_SUPPORTED: Final = "stillgreen.validation.claims_supported"
VALIDATION_LEDGER_MATCH: Final = "stillgreen.validation.ledger_match"  # 0 to 1
EXTRACTION_CONFIDENCE: Final = "stillgreen.extraction.confidence"  # 0 to 1
CITATION_GIVEN: Final = "stillgreen.citation.given"
CITATION_VALID: Final = "stillgreen.citation.valid"
CITATION_MATCH: Final = "stillgreen.citation.match"  # valid / given
CITATION_SOURCES: Final = "stillgreen.citation.sources"  # list of document ids
CITATION_RANKS: Final = "stillgreen.citation.ranks"  # list: place of the cited evidence

# --- Attributes: safety and escalation ---------------------------------------------------
SAFETY_CHECKS: Final = "stillgreen.safety.checks"  # list of check names
SAFETY_FAILED: Final = "stillgreen.safety.failed"  # list of check names
SAFETY_ACTION: Final = "stillgreen.safety.action"  # allow, redact, block
REVIEW_REQUIRED: Final = "stillgreen.review.required"  # bool
REVIEW_REASON: Final = "stillgreen.review.reason"
REVIEW_ID: Final = "stillgreen.review.id"
DECISION_CONFIDENCE: Final = "stillgreen.decision.confidence"  # 0 to 1

# --- Attributes: resource ----------------------------------------------------------------
SERVICE_NAME: Final = "service.name"
SERVICE_VERSION: Final = "service.version"
SERVICE_NAMESPACE: Final = "service.namespace"
SERVICE_INSTANCE_ID: Final = "service.instance.id"
DEPLOYMENT_ENVIRONMENT_NAME: Final = "deployment.environment.name"

# --- Metrics: generative AI conventions --------------------------------------------------
METRIC_TOKEN_USAGE: Final = "gen_ai.client.token.usage"  # noqa: S105 - a name, no secret
METRIC_OPERATION_DURATION: Final = "gen_ai.client.operation.duration"
METRIC_TIME_TO_FIRST_CHUNK: Final = "gen_ai.client.operation.time_to_first_chunk"
METRIC_WORKFLOW_DURATION: Final = "gen_ai.invoke_workflow.duration"
METRIC_INVOKE_AGENT_DURATION: Final = "gen_ai.invoke_agent.duration"
METRIC_EXECUTE_TOOL_DURATION: Final = "gen_ai.execute_tool.duration"

# --- Metrics: quality, work and money ----------------------------------------------------
METRIC_REQUESTS: Final = "stillgreen.requests"
METRIC_GROUNDEDNESS: Final = "stillgreen.groundedness"
METRIC_TOP1_SIMILARITY: Final = "stillgreen.top1_similarity"
METRIC_CONTEXT_TOKENS: Final = "stillgreen.context.tokens.used"
METRIC_REQUEST_COST: Final = "stillgreen.request.cost"
METRIC_COST_BY_AGENT: Final = "stillgreen.cost.by_agent"
METRIC_COST_BY_USER: Final = "stillgreen.cost.by_user"
METRIC_ABSTENTIONS: Final = "stillgreen.abstentions"
METRIC_ESCALATIONS: Final = "stillgreen.escalations"
METRIC_MANUAL_REVIEWS: Final = "stillgreen.manual_reviews"
METRIC_REQUEST_AGENTS: Final = "stillgreen.request.agents"
METRIC_REQUEST_TOOLS: Final = "stillgreen.request.tools"
METRIC_CITATION_MATCH: Final = "stillgreen.citation_match"
METRIC_EXTRACTION_CONFIDENCE: Final = "stillgreen.extraction_confidence"
METRIC_FALLBACKS: Final = "stillgreen.fallbacks"
METRIC_EXCEPTIONS: Final = "stillgreen.exceptions"

# --- Metrics: what infrastructure monitoring sees ----------------------------------------
METRIC_HTTP_SERVER_DURATION: Final = "http.server.request.duration"
METRIC_HTTP_SERVER_ACTIVE: Final = "http.server.active_requests"
METRIC_HTTP_CLIENT_DURATION: Final = "http.client.request.duration"
METRIC_PROCESS_CPU_TIME: Final = "process.cpu.time"
METRIC_PROCESS_CPU_UTILIZATION: Final = "process.cpu.utilization"
METRIC_PROCESS_MEMORY_USAGE: Final = "process.memory.usage"

_NOT_KEYS = ("SPAN_", "EVENT_", "METRIC_", "OP_", "OI_", "WORKFLOW_", "_")


def known_keys() -> frozenset[str]:
    """Return every attribute key that a span, an event or a resource may carry."""
    return frozenset(
        value
        for name, value in globals().items()
        if isinstance(value, str) and name.isupper() and not name.startswith(_NOT_KEYS)
    )


def metric_names() -> frozenset[str]:
    """Return the name of every instrument."""
    return frozenset(
        value
        for name, value in globals().items()
        if isinstance(value, str) and name.startswith("METRIC_")
    )
