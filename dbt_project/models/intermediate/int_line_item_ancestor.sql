-- One row a line item and a line item above it in the tree of line items.
with recursive ancestors as (

    select
        line_item,
        parent_line_item as ancestor_item
    from {{ ref('line_item') }}
    where parent_line_item is not null

    union

    select
        ancestors.line_item,
        parents.parent_line_item as ancestor_item
    from ancestors
    inner join {{ ref('line_item') }} as parents on ancestors.ancestor_item = parents.line_item
    where parents.parent_line_item is not null

)

select
    line_item,
    ancestor_item
from ancestors
